// @vitest-environment jsdom
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { device } from './device';
import Start from './Start.svelte';

const EDIT = 'edit-secret-edit-secret-edit-secret-edit-se';
const VIEW = 'view-secret-view-secret-view-secret-view-se';
let page: Record<string, unknown>;
let onopen: ReturnType<typeof vi.fn<(path: string, fresh: boolean) => void>>;

beforeEach(() => {
  localStorage.clear();
  for (const { space } of device().recent) device().forget(space);
  onopen = vi.fn();
});

afterEach(async () => {
  await unmount(page);
  vi.unstubAllGlobals();
});

function show(): void {
  page = mount(Start, { target: document.body, props: { onopen } });
  flushSync();
}

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

function write(index: number, words: string): void {
  const input = document.querySelectorAll('input')[index] as HTMLInputElement;
  input.value = words;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

function lay(): void {
  document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  flushSync();
}

const founded = {
  id: 'space-12345678',
  title: 'A house',
  boards: [],
  edit_link: `http://127.0.0.1/s/space-12345678#${EDIT}`,
  view_link: `http://127.0.0.1/s/space-12345678#${VIEW}`,
};

it('lays a table, remembers it, and goes there', async () => {
  const fetched = answer(201, founded);
  show();
  write(0, '  A house ');
  write(1, 'Ana');
  lay();
  await vi.waitFor(() => expect(onopen).toHaveBeenCalledWith(`/s/space-12345678#${EDIT}`, true));
  const [path, init] = fetched.mock.calls[0] as [string, RequestInit];
  expect([path, init.method, init.body]).toEqual(['/api/spaces', 'POST', JSON.stringify({ title: 'A house' })]);
  expect(device().name).toBe('Ana');
  expect(device().recent.map(({ space, secret, view, mayEdit }) => [space, secret, view, mayEdit])).toEqual([
    ['space-12345678', EDIT, VIEW, true],
  ]);
});

it('asks for a title, and gives the keyboard back to it', () => {
  const fetched = answer(201, founded);
  show();
  lay();
  expect(document.querySelector('[role=alert]')?.textContent).toBe('Please give it a few words, so that people know it again.');
  expect([document.activeElement, fetched.mock.calls.length]).toEqual([document.querySelector('input'), 0]);
});

it.each([
  [500, 'The server did not answer. What you wrote is still here. Please try again.'],
  [429, 'Many tables are being laid just now. Please try again in a minute.'],
])('says kindly that it did not work (%i), and keeps what was written', async (status, words) => {
  answer(status, {});
  show();
  write(0, 'A house');
  lay();
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector('[role=alert]')?.textContent).toBe(words);
  });
  expect([document.querySelector('input')?.value, onopen.mock.calls.length]).toEqual(['A house', 0]);
});

it('lists tables that this device knows, and forgets them', () => {
  const entry = { space: 'space-12345678', secret: EDIT, title: 'A house', mayEdit: true, at: 1 };
  device().remember(entry);
  show();
  const link = document.querySelector('a') as HTMLAnchorElement;
  expect(link.getAttribute('href')).toBe(`/s/space-12345678#${EDIT}`);
  link.click();
  expect(onopen).toHaveBeenCalledWith(`/s/space-12345678#${EDIT}`, false);
  (document.querySelector('[aria-label="Forget A house on this device"]') as HTMLButtonElement).click();
  flushSync();
  expect([document.querySelector('a'), device().recent]).toEqual([null, []]);
});
