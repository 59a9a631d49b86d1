// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { copyFrom } from './copy';

let field: HTMLInputElement;

beforeEach(() => {
  field = document.createElement('input');
  field.value = 'http://192.168.0.7:8080/s/a-table';
  document.body.append(field);
});

afterEach(() => {
  vi.unstubAllGlobals();
  field.remove();
});

function clipboard(writeText: () => Promise<void>, isSecure: boolean): void {
  vi.stubGlobal('isSecureContext', isSecure);
  vi.stubGlobal('navigator', { clipboard: { writeText } });
}

/** What the old command answers; jsdom has none. */
function command(answer: boolean): ReturnType<typeof vi.fn> {
  const execute = vi.fn(() => answer);
  Object.defineProperty(document, 'execCommand', { value: execute, configurable: true });
  return execute;
}

it('uses the clipboard where there is one', async () => {
  const write = vi.fn(async () => undefined);
  clipboard(write, true);
  expect(await copyFrom(field)).toBe('copied');
  expect(write).toHaveBeenCalledWith(field.value);
});

it('copies what is selected on plain http', async () => {
  const write = vi.fn(async () => undefined);
  clipboard(write, false);
  const execute = command(true);
  expect(await copyFrom(field)).toBe('copied');
  expect([write.mock.calls.length, execute.mock.calls]).toEqual([0, [['copy']]]);
});

it('goes the older way when the clipboard is withheld', async () => {
  clipboard(() => Promise.reject(new Error('not now')), true);
  command(true);
  expect(await copyFrom(field)).toBe('copied');
});

it('leaves the text selected when nothing else works', async () => {
  clipboard(async () => undefined, false);
  command(false);
  expect(await copyFrom(field)).toBe('selected');
  expect([document.activeElement, field.selectionStart, field.selectionEnd]).toEqual([field, 0, field.value.length]);
});
