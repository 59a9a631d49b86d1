import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_SPLICES } from '../core/limits.ts';
import { applyOp, codePoints, transform } from '../core/text.ts';
import {
  applyChange,
  type Change,
  changeBySplices,
  changeOf,
  compose,
  difference,
  inParts,
  inverse,
  inverseOp,
  mapPosition,
  NOTHING,
  withoutOthers,
} from './words.ts';

const sign = fc.constantFrom('a', 'b', 'é', '😀', 'ع', '\n', '𠀀');
const text = fc.array(sign, { maxLength: 16 }).map((signs) => signs.join(''));
const edits = fc.array(fc.tuple(fc.nat(30), fc.nat(4), text), { maxLength: 12 });

/** Edits made one after another, each brought into range: their changes, and the words after each. */
function written(start: string, list: readonly (readonly [number, number, string])[]): { changes: Change[]; texts: string[] } {
  const changes: Change[] = [];
  const texts = [start];
  for (const [place, deleted, words] of list) {
    const before = texts.at(-1) as string;
    const length = codePoints(before);
    const position = place % (length + 1);
    const change = changeOf(position, Math.min(deleted, length - position), words);
    changes.push(change);
    texts.push(applyChange(before, change));
  }
  return { changes, texts };
}

function all(changes: readonly Change[]): Change {
  return changes.reduce(compose, NOTHING);
}

describe('changes of words', () => {
  test('compose does what both do, one after another', () => {
    fc.assert(
      fc.property(text, edits, (start, list) => {
        const { changes, texts } = written(start, list);
        expect(applyChange(start, all(changes))).toBe(texts.at(-1));
      }),
    );
  });

  test('compose may be grouped in any way', () => {
    fc.assert(
      fc.property(text, edits, fc.nat(12), (start, list, cut) => {
        const { changes } = written(start, list);
        const parts = compose(all(changes.slice(0, cut)), all(changes.slice(cut)));
        expect(applyChange(start, parts)).toBe(applyChange(start, all(changes)));
      }),
    );
  });

  test('the inverse takes a change back', () => {
    fc.assert(
      fc.property(text, edits, (start, list) => {
        const { changes, texts } = written(start, list);
        const change = all(changes);
        expect(applyChange(texts.at(-1) as string, inverse(change, start))).toBe(start);
        expect(inverse(change, start).op).toEqual(inverseOp(change.op));
      }),
    );
  });

  test('parts say the same as the whole, within the limits of an edit', () => {
    fc.assert(
      fc.property(text, edits, (start, list) => {
        const { changes, texts } = written(start, list);
        let now = start;
        for (const part of inParts(all(changes))) {
          expect(part.splices.length).toBeLessThanOrEqual(MAX_SPLICES);
          expect(part.splices.every((splice) => splice[1] + splice[2] > 0)).toBe(true);
          expect(changeBySplices(part.splices, part.inserted)).toEqual(part.change);
          now = applyChange(now, part.change);
        }
        expect(now).toBe(texts.at(-1));
      }),
    );
  });

  test('a long paste is cut into edits that fit', () => {
    const words = '😀'.repeat(30_000);
    const parts = inParts(changeOf(3, 2, words));
    expect(parts.map((part) => codePoints(part.inserted))).toEqual([12_000, 12_000, 6_000]);
    expect(parts.reduce((now, part) => applyChange(now, part.change), 'abcdefg')).toBe(`abc${words}fg`);
  });

  test('the difference leads from one text to the other, and never cuts a pair', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = difference(before, after);
        expect(applyChange(before, change)).toBe(after);
        expect(change.words).not.toMatch(/\p{Surrogate}/u);
      }),
    );
    expect(difference('😀', '😁').words).toBe('😁'); // they share the first half of their pairs
  });

  test('a position goes where a letter at that place would go', () => {
    fc.assert(
      fc.property(text, edits, fc.nat(16), fc.boolean(), (start, list, place, stickRight) => {
        const change = all(written(start, list).changes);
        const position = place % (codePoints(start) + 1);
        const letter = transform(changeOf(position, 0, '|').op, change.op, !stickRight);
        const marked = applyOp(applyChange(start, change), letter, '|');
        expect(mapPosition(change.op, position, stickRight)).toBe([...marked].indexOf('|'));
      }),
    );
  });

  test('at an insertion a position stays before it or goes behind it', () => {
    const { op } = changeOf(2, 0, 'xyz');
    expect([mapPosition(op, 2, false), mapPosition(op, 2, true)]).toEqual([2, 5]);
    expect([mapPosition(op, 1, true), mapPosition(op, 3, false)]).toEqual([1, 6]);
    const gone = changeOf(1, 3, '').op;
    expect([0, 1, 2, 3, 4, 5].map((position) => mapPosition(gone, position, false))).toEqual([0, 1, 1, 1, 1, 2]);
  });

  test('own words without what others wrote between them', () => {
    fc.assert(
      fc.property(text, edits, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (start, list, owners) => {
        // Nobody deletes, so what must be left can be counted.
        const { changes } = written(start, list.map(([place, , words]) => [place, 0, words]));
        const history = changes.map((change, i) => ({ isOwn: owners[i] === true, change }));
        const own = history.filter((one) => one.isOwn).map((one) => one.change.words);
        const result = withoutOthers(history).reduce((now, change) => applyChange(now, change), start);
        expect([...result].sort().join('')).toBe([...start, ...own.join('')].sort().join(''));
      }),
    );
  });
});
