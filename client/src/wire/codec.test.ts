import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadFrame, decodeFrame, encodeFrame } from './codec.ts';

describe('frames', () => {
  test('what is not given is not sent', () => {
    const frame = { t: 'open', board: 'board-one', session: undefined } as unknown as Parameters<typeof encodeFrame>[0];
    expect(encodeFrame(frame)).toEqual(encode({ t: 'open', board: 'board-one' }));
  });

  test.each([
    ['no map', 7],
    ['no name', {}],
    ['an unknown name', { t: 'curtsy' }],
    ['a missing field', { t: 'snapshot', board: 'board-one', seq: 1 }],
    ['a wrong type', { t: 'entries', board: 'board-one', entries: [[1, 1, 'head', null]] }],
    ['a fraction', { t: 'moving', within_ms: 0.5 }],
    ['an unknown way of opening', { t: 'opened', board: 'board-one', seq: 1, mark: 0, how: 'slowly' }],
    ['half an entry', { t: 'entries', board: 'board-one', entries: [[1, 1]] }],
  ])('%s is refused', (_, value) => {
    expect(() => decodeFrame(encode(value))).toThrow(BadFrame);
  });

  test('any bytes are a frame or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
        try {
          expect(typeof decodeFrame(data).t).toBe('string');
        } catch (problem) {
          expect(problem).toBeInstanceOf(BadFrame);
        }
      }),
    );
  });

  test('a key of the prototype does not get through', () => {
    const bytes = Uint8Array.from([0x82, 0xa1, 0x74, 0xa4, ...new TextEncoder().encode('pong'), 0xa9, ...new TextEncoder().encode('__proto__'), 0x80]);
    expect(() => decodeFrame(bytes)).toThrow(BadFrame);
  });
});
