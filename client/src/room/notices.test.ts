import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LINGER_MS, Notices } from './notices.svelte';

let notices: Notices;
const told = (kept = ''): { code: string; element: null; kept: string } => ({ code: 'told.stale', element: null, kept });

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices();
});

afterEach(() => {
  notices.close();
  vi.useRealTimers();
});

it('what holds words stays until somebody closes it', () => {
  notices.tell(told('my words'), 'It did not fit.');
  notices.tell(told(), 'Another thing.');
  vi.advanceTimersByTime(LINGER_MS * 3);
  expect(notices.shown.map(({ kept }) => kept)).toEqual(['my words']);
});

it('the rest waits while somebody is at it', () => {
  notices.tell(told(), 'It did not fit.');
  const id = notices.shown[0]?.id ?? 0;
  notices.hold(id);
  vi.advanceTimersByTime(LINGER_MS * 2);
  expect(notices.shown).toHaveLength(1);
  notices.release(id);
  vi.advanceTimersByTime(LINGER_MS);
  expect(notices.shown).toEqual([]);
});

it('the same is told once, and counted', () => {
  for (let time = 0; time < 3; time += 1) notices.tell(told(), 'It did not fit.');
  expect(notices.shown.map(({ times }) => times)).toEqual([3]);
});

it('kept words are never counted together, nor pushed out', () => {
  for (let time = 0; time < 6; time += 1) notices.tell(told('words'), 'It did not fit.');
  for (let time = 0; time < 6; time += 1) notices.tell(told(), `Thing ${time}`);
  expect(notices.shown.filter(({ kept }) => kept === 'words')).toHaveLength(6);
});

it('only the latest offer stands', () => {
  const act = vi.fn();
  notices.offer('Set aside.', 'Bring back', act);
  notices.offer('Set aside again.', 'Bring back', act);
  expect(notices.shown.map(({ text }) => text)).toEqual(['Set aside again.']);
});
