// The core's own MessagePack against another's: what it writes, others read; what it reads, is written in one way only.

import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader, Unreadable, Writer } from './msgpack.ts';

function written(write: (out: Writer) => void): Uint8Array {
  const out = new Writer();
  write(out);
  return out.bytes();
}

const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(...[7, 8, 15, 16, 31, 32, 53].flatMap((bits) => [-1, 0, 1].flatMap((by) => [2 ** bits + by, -(2 ** bits) + by]))),
).filter(Number.isSafeInteger);

describe('MessagePack', () => {
  test('integers are what others write, and come back', () => {
    fc.assert(
      fc.property(whole, (value) => {
        const bytes = written((out) => out.int(value));
        expect(bytes).toEqual(encode(value));
        expect(new Reader(bytes).int()).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  test('strings and bytes are what others write, and come back', () => {
    const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constantFrom('', '\ufeffx', 'é'.repeat(16), 'x'.repeat(70_000)));
    fc.assert(
      fc.property(words, fc.uint8Array({ maxLength: 300 }), (text, data) => {
        const bytes = written((out) => {
          out.str(text);
          out.bin(data);
        });
        expect(bytes).toEqual(new Uint8Array([...encode(text), ...encode(data)]));
        const reader = new Reader(bytes);
        expect(reader.str()).toBe(text);
        expect(reader.bin()).toEqual(data);
        reader.end();
      }),
    );
  });

  test.each([0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536])('lists of %i', (count) => {
    const bytes = written((out) => {
      out.array(count);
      for (let i = 0; i < count; i += 1) out.nil();
    });
    expect(decode(bytes)).toHaveLength(count);
    expect(new Reader(bytes).array()).toBe(count);
  });

  test.each([
    ['a whole float', [0xca, 0x3f, 0x80, 0, 0]],
    ['7 in two bytes', [0xcc, 7]],
    ['255 in three', [0xcd, 0, 255]],
    ['-1 in two', [0xd0, 0xff]],
    ['5 with a sign', [0xd0, 5]],
    ['-33 in three', [0xd1, 0xff, 0xdf]],
    ['2^53', [0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0]],
    ['-2^53', [0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 0]],
    ['2^64 - 1', [0xcf, 255, 255, 255, 255, 255, 255, 255, 255]],
    ['true', [0xc3]],
    ['nothing', []],
    ['half a number', [0xcd, 1]],
  ])('%s is no integer', (_, bytes) => {
    expect(() => new Reader(Uint8Array.from(bytes)).int()).toThrow(Unreadable);
  });

  test.each([
    ['a long form', [0xd9, 1, 0x61]],
    ['half a sign', [0xa1, 0xc3]],
    ['a surrogate', [0xa3, 0xed, 0xa0, 0x80]],
    ['an overlong sign', [0xa2, 0xc0, 0x80]],
    ['bytes', [0xc4, 1, 0x61]],
    ['a claim of four thousand million', [0xdb, 255, 255, 255, 255]],
  ])('%s is no string', (_, bytes) => {
    expect(() => new Reader(Uint8Array.from(bytes)).str()).toThrow(Unreadable);
  });

  test('what is left over is refused', () => {
    expect(() => new Reader(Uint8Array.from([0xc0])).end()).toThrow(Unreadable);
  });
});
