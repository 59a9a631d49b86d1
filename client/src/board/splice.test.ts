import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplice, fitWords, inCodePoints, spliceBetween, toCodePoints, toUnits } from './splice';

const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '😀', '😁', 'é', 'ش', '𝒳'), maxLength: 24 });

const HALF = /\p{Surrogate}/u;

describe('a splice between two texts', () => {
  it.each([
    ['the front', 'aa', 'aaa', 1, { position: 0, deleted: 0, inserted: 'a' }],
    ['the middle', 'aa', 'aaa', 2, { position: 1, deleted: 0, inserted: 'a' }],
    ['the end', 'aa', 'aaa', 3, { position: 2, deleted: 0, inserted: 'a' }],
    ['backspace in a run', 'aaa', 'aa', 1, { position: 1, deleted: 1, inserted: '' }],
    ['delete at the front of a run', 'aaa', 'aa', 0, { position: 0, deleted: 1, inserted: '' }],
    ['over a selection', 'one two three', 'one 2 three', 5, { position: 4, deleted: 3, inserted: '2' }],
    ['a word mended', 'teh cat', 'the cat', 3, { position: 1, deleted: 2, inserted: 'he' }],
    ['all of it', 'abc', '', 0, { position: 0, deleted: 3, inserted: '' }],
  ])('reads the caret: %s', (_, before, after, caret, splice) => {
    expect(spliceBetween(before, after, caret)).toEqual(splice);
  });

  it('is null where nothing changed', () => {
    expect(spliceBetween('same', 'same', 2)).toBeNull();
  });

  it('never cuts a pair: two emoji share their first half', () => {
    expect(spliceBetween('x😀y', 'x😁y')).toEqual({ position: 1, deleted: 2, inserted: '😁' });
    // U+1F600 and U+1FA00 end alike and begin differently.
    const [a, b] = [String.fromCodePoint(0x1f600), String.fromCodePoint(0x1fa00)];
    expect(spliceBetween(a, b)).toEqual({ position: 0, deleted: 2, inserted: b });
  });

  it('turns the one into the other, wherever the caret is said to be', () => {
    fc.assert(
      fc.property(words, words, fc.option(fc.nat(30)), (before, after, caret) => {
        const splice = spliceBetween(before, after, caret);
        if (splice === null) {
          expect(before).toBe(after);
          return;
        }
        expect(applySplice(before, splice)).toBe(after);
        expect(splice.inserted).not.toMatch(HALF);
        expect(before.slice(0, splice.position)).not.toMatch(HALF);
      }),
    );
  });

  it('finds exactly what was typed at a caret', () => {
    fc.assert(
      fc.property(words, words, fc.nat(24), (before, typed, place) => {
        const at = toUnits(before, place);
        const after = before.slice(0, at) + typed + before.slice(at);
        const splice = spliceBetween(before, after, at + typed.length);
        expect(splice).toEqual(typed === '' ? null : { position: at, deleted: 0, inserted: typed });
      }),
    );
  });
});

describe('code points', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(words, fc.nat(30), (text, points) => {
        const most = Math.min(points, [...text].length);
        expect(toCodePoints(text, toUnits(text, most))).toBe(most);
        }),
    );
  });

  it('count for a splice', () => {
    expect(inCodePoints('😀😀ab', { position: 4, deleted: 1, inserted: '😁' })).toEqual({
      position: 2,
      deleted: 1,
      inserted: '😁',
    });
  });
});

it('words lose what no log takes, and keep the rest', () => {
  expect(fitWords('a\r\nb\rc\u2028d\te\u0000\u0007\u009f\ufffc\ufffe\ud800f😀')).toBe('a\nb\nc\nd\tef😀');
});
