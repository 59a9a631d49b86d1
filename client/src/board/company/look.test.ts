import { describe, expect, it } from 'vitest';
import { Offers, PAUSE_MS, STANDS_MS, whatIsThere, type There } from './look';

const asks = (who: string, n = 1, author = who) => ({ who, author, look: [0, 0, 100, 80, n] as const });

describe('offers', () => {
  it('stand for a while, and go by themselves', () => {
    const offers = new Offers();
    expect(offers.see([asks('ana')], 'me', 0)).toBe(true);
    expect(offers.see([asks('ana')], 'me', 100)).toBe(false);
    expect(offers.at(STANDS_MS - 1).map(({ author }) => author)).toEqual(['ana']);
    expect(offers.at(STANDS_MS)).toEqual([]);
  });

  it('stand one after the other, and go when they are answered', () => {
    const offers = new Offers();
    offers.see([asks('ana'), asks('ben')], 'me', 0);
    const [first] = offers.at(1);
    expect(first?.author).toBe('ana');
    offers.answer(first?.key ?? '');
    expect(offers.at(2).map(({ author }) => author)).toEqual(['ben']);
  });

  it('are not heard from somebody who asks without end, from whatever window', () => {
    const offers = new Offers();
    offers.see([asks('w1', 1, 'ana')], 'me', 0);
    offers.answer('w1 1');
    for (let n = 2; n < 40; n += 1) offers.see([asks(`w${n % 3}`, n, 'ana')], 'me', n * 200);
    expect(offers.at(9_000)).toEqual([]);
    expect(offers.see([asks('w1', 99, 'ana')], 'me', PAUSE_MS + 1)).toBe(true);
  });

  it('are not made to oneself', () => {
    expect(new Offers().see([asks('w1', 1, 'me')], 'me', 0)).toBe(false);
  });
});

describe('what is there', () => {
  const thing = (id: string, kind: string, x: number, y: number, w = 100, h = 80): There => ({ id, kind, rect: { x, y, w, h } });
  const rect = { x: 0, y: 0, w: 500, h: 400 };

  it('is one thing, a zone with what lies on it, or so many', () => {
    expect(whatIsThere(rect, [thing('a', 'note', 10, 10)])).toEqual({ kind: 'one', id: 'a' });
    const zone = thing('z', 'zone', 0, 0, 500, 400);
    expect(whatIsThere(rect, [zone, thing('a', 'note', 10, 10)])).toEqual({ kind: 'zone', id: 'z', count: 1 });
    expect(whatIsThere(rect, [thing('a', 'note', 10, 10), thing('b', 'note', 300, 10)])).toEqual({ kind: 'some', count: 2, first: 'a' });
  });

  it('is what it lies on, if it is a part of something', () => {
    expect(whatIsThere({ x: 40, y: 40, w: 5, h: 5 }, [thing('z', 'zone', 0, 0, 900, 900), thing('a', 'note', 0, 0)])).toEqual({ kind: 'one', id: 'a' });
    expect(whatIsThere(rect, [])).toEqual({ kind: 'nothing' });
  });
});
