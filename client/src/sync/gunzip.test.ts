import { gzipSync } from 'fflate';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { gunzip } from './gunzip.ts';

const PLAIN = new TextEncoder().encode('a board '.repeat(50_000));

describe.each(['by the browser', 'by itself'])('a snapshot is unpacked %s', (how) => {
  afterEach(() => void vi.unstubAllGlobals());

  test('to the bytes that it was, or not at all', async () => {
    if (how === 'by itself') vi.stubGlobal('DecompressionStream', undefined);
    expect(await gunzip(gzipSync(PLAIN))).toEqual(PLAIN);
    await expect(gunzip(new Uint8Array([1, 2, 3]))).rejects.toThrow();
  });
});
