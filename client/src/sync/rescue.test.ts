/** Bringing a lost record back: what each answer of the server means for what comes next (PROTOCOL-66). */

import { describe, expect, it } from 'vitest';
import { Http } from './http.ts';
import type { PendingStore, SpaceRecord } from './pending.ts';
import { bringBack } from './rescue.ts';

const SPACE = { space: 'spaceaaa', title: 'A hall', boards: [{ board: 'boardaaa', title: 'A' }], links: {} } as unknown as SpaceRecord;

/** A device that holds the board up to entry 3, and the tip that vouches for it. */
const HELD = {
  log: () => Promise.resolve([{ to: 3, data: new Uint8Array([1, 2, 3]) }]),
  tip: () => Promise.resolve({ tip: { seq: 3, at: 5, chain: new Uint8Array(32), signature: new Uint8Array(64) } }),
} as unknown as PendingStore;

function brought(status: number, body: object): Promise<string> {
  const http = new Http('spaceaaa', 'secret', '', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
  return bringBack(HELD, http, SPACE, 'boardaaa');
}

describe('a record that is brought', () => {
  it('is back where the server takes it, and there where somebody else’s was', async () => {
    expect(await brought(200, { seq: 3 })).toBe('back');
    expect(await brought(409, { code: 'record-there' })).toBe('there');
  });

  it('is brought again later where others bring theirs, or nobody answers', async () => {
    expect(await brought(429, { code: 'slow-down' })).toBe('later');
    const nobody = new Http('spaceaaa', 'secret', '', () => Promise.reject(new TypeError('no network')));
    expect(await bringBack(HELD, nobody, SPACE, 'boardaaa')).toBe('later');
  });

  it('is not brought again where the link opens nothing, or this device holds nothing', async () => {
    expect(await brought(404, { code: 'no-such-link' })).toBe('none');
    const empty = { ...HELD, log: () => Promise.resolve([]) } as unknown as PendingStore;
    const http = new Http('spaceaaa', 'secret', '', () => Promise.resolve(new Response('{}')));
    expect(await bringBack(empty, http, SPACE, 'boardaaa')).toBe('none');
  });
});
