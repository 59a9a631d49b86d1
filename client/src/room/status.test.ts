import { describe, expect, it } from 'vitest';
import type { Status } from '../sync/interface';
import { isAway, statusWords } from './status';

const short = (status: Status, isSlow = false, mayEdit = true): string => statusWords(status, isSlow, mayEdit).short;

describe('the word in the bar', () => {
  it.each<[Status, string]>([
    [{ kind: 'connecting' }, 'Connecting…'],
    [{ kind: 'saved' }, 'Saved'],
    [{ kind: 'saving', pending: 2, kept: 'device' }, 'Saving…'],
    [{ kind: 'reconnecting', pending: 0, kept: 'device' }, 'Reconnecting…'],
    [{ kind: 'reconnecting', pending: 3, kept: 'device' }, '3 changes only on this device'],
    [{ kind: 'offline', pending: 1, kept: 'device' }, '1 change only on this device'],
    [{ kind: 'offline', pending: 0, kept: 'device' }, 'Offline'],
    [{ kind: 'gone', code: 'no-such-link', pending: 0, kept: 'device' }, 'Closed'],
    [{ kind: 'gone', code: 'no-such-link', pending: 2, kept: 'device' }, '2 changes only on this device'],
  ])('for %j is %j', (status, word) => {
    expect(short(status)).toBe(word);
  });

  it('counts what has been on its way for long', () => {
    expect(short({ kind: 'saving', pending: 2, kept: 'device' }, true)).toBe('2 changes only on this device');
  });

  it('is never "Saved" while anything is pending', () => {
    const kinds = ['saving', 'reconnecting', 'offline'] as const;
    for (const kind of kinds) for (const slow of [true, false]) expect(short({ kind, pending: 1, kept: 'device' }, slow)).not.toBe('Saved');
  });

  it('is never "on this device" where that keeps nothing', () => {
    const status = { kind: 'offline', pending: 2, kept: 'page' } as const;
    expect(short(status)).toBe('2 changes only in this page');
    expect(statusWords(status, false, true).long).toBe(
      'This browser keeps nothing. Leave the page open until 2 changes are saved.',
    );
  });

  it('says that a link is for looking', () => {
    expect(short({ kind: 'saved' }, false, false)).toBe('Looking only');
  });
});

it('the sentence says what was kept and what comes next', () => {
  expect(statusWords({ kind: 'offline', pending: 3, kept: 'device' }, false, true).long).toBe(
    'You are offline. 3 changes are safe on this device. They join when you are back.',
  );
});

it('away is when the connection is gone', () => {
  expect(isAway({ kind: 'saving', pending: 1, kept: 'device' })).toBe(false);
  expect(isAway({ kind: 'offline', pending: 0, kept: 'device' })).toBe(true);
});
