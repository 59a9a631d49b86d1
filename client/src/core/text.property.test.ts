// Transformation towards one order needs TP1 and nothing more (FOLD-32): two ops over one field meet in the same words.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyOp, codePoints, DELETE, growth, INSERT, KEEP, type Op, transform } from './text.ts';

const sign = fc.constantFrom('a', 'b', 'é', '😀', 'ع', '\n', 'e\u0301', '𠀀');
const words = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''));

/** An op over a field of `length` code points, and the words that it inserts. */
function opOver(length: number): fc.Arbitrary<{ op: Op; inserted: string }> {
  const step = fc.tuple(fc.constantFrom(KEEP, INSERT, DELETE), fc.integer({ min: 1, max: 4 }), words);
  return fc.array(step, { maxLength: 8 }).map((steps) => {
    const op: number[] = [];
    let left = length;
    let inserted = '';
    for (const [kind, wanted, said] of steps) {
      const count = kind === INSERT ? codePoints(said) : Math.min(wanted, left);
      if (count === 0) continue;
      if (kind === INSERT) inserted += said;
      else left -= count;
      const last = op.length - 2;
      if (last >= 0 && op[last] === kind) op[last + 1] = (op[last + 1] as number) + count;
      else op.push(kind, count);
    }
    if (op[op.length - 2] === KEEP) op.length -= 2;
    return { op, inserted };
  });
}

const two = words.chain((value) => {
  const one = opOver(codePoints(value));
  return fc.record({ value: fc.constant(value), one, other: one, isFirst: fc.boolean() });
});

describe('transform', () => {
  test('TP1: both ways end in the same words', () => {
    fc.assert(
      fc.property(two, ({ value, one, other, isFirst }) => {
        const here = applyOp(applyOp(value, other.op, other.inserted), transform(one.op, other.op, isFirst), one.inserted);
        const there = applyOp(applyOp(value, one.op, one.inserted), transform(other.op, one.op, !isFirst), other.inserted);
        expect(here).toBe(there);
      }),
      { numRuns: 2_000 },
    );
  });

  test('growth is what apply does', () => {
    fc.assert(
      fc.property(two, ({ value, one }) => {
        expect(codePoints(applyOp(value, one.op, one.inserted))).toBe(codePoints(value) + growth(one.op));
      }),
    );
  });

  test('an op in normal form stays in it', () => {
    fc.assert(
      fc.property(two, ({ one, other, isFirst }) => {
        const op = transform(one.op, other.op, isFirst);
        for (let i = 0; i < op.length; i += 2) {
          expect(op[i + 1]).toBeGreaterThan(0);
          if (i > 0) expect(op[i]).not.toBe(op[i - 2]);
        }
        if (op.length > 0) expect(op[op.length - 2]).not.toBe(KEEP);
      }),
    );
  });
});
