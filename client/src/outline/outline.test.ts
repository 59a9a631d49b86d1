// The outline is what blind people and phones have instead of the canvas: each rule of outline.ts has a case here.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idsOf, inReadingOrder, outlineOf, repliesOf, zoneFinder, zoneOf, outlineFor, type Branch, type Outline, type Thing } from './outline';

let count = 0;

function thing(part: Partial<Thing> & { id: string }): Thing {
  count += 1;
  return { type: 'note', x: 0, y: 0, w: 200, h: 160, words: '', colour: 'lemon', from: '', to: '', re: '', group: '', born: count, ...part };
}

/** The tree on one line: "outer(left right inner(inside))". */
const drawn = (branches: readonly Branch[]): string =>
  branches.map(({ key, children }) => (children.length === 0 ? key : `${key}(${drawn(children)})`)).join(' ');
const tree = (things: readonly Thing[], direction: 'ltr' | 'rtl' = 'ltr'): string => drawn(outlineOf(things, direction).roots);
const find = (outline: Outline, key: string): Branch | undefined => {
  const look = (branches: readonly Branch[]): Branch | undefined =>
    branches.find((one) => one.key === key) ?? branches.map((one) => look(one.children)).find((one) => one !== undefined);
  return look(outline.roots);
};
const reply = (id: string, re: string, part: Partial<Thing> = {}): Thing => thing({ id, re, ...part });
const link = (id: string, from: string, to: string): Thing => thing({ id, type: 'connector', from, to });
const ids = (things: readonly Thing[]): string[] => things.map(({ id }) => id);

describe('reading order', () => {
  const row = [
    thing({ id: 'right', x: 600, y: 0 }),
    thing({ id: 'left', x: 0, y: 30 }),
    thing({ id: 'below', x: 0, y: 300 }),
    thing({ id: 'middle', x: 300, y: 70 }),
  ];

  it('goes along rows, whose tops may differ a little', () => {
    expect(ids(inReadingOrder(row, 'ltr'))).toEqual(['left', 'middle', 'right', 'below']);
  });

  it('begins at the right where the language does', () => {
    expect(ids(inReadingOrder(row, 'rtl'))).toEqual(['right', 'middle', 'left', 'below']);
  });
});

describe('zones', () => {
  const outer = thing({ id: 'outer', type: 'zone', w: 1000, h: 1000 });
  const inner = thing({ id: 'inner', type: 'zone', x: 100, y: 100, w: 400, h: 400 });

  it('hold what has its middle in them, and the smallest counts', () => {
    expect(zoneOf(thing({ id: 'n', x: 150, y: 150 }), [outer, inner])?.id).toBe('inner');
    expect(zoneOf(thing({ id: 'n', x: 600, y: 150 }), [outer, inner])?.id).toBe('outer');
    expect(zoneOf(thing({ id: 'n', x: -250, y: 150 }), [outer, inner])).toBeNull();
  });

  it('lie in larger zones, never in themselves or in each other', () => {
    expect(zoneOf(inner, [outer, inner])?.id).toBe('outer');
    expect(zoneOf(outer, [outer, inner])).toBeNull();
    const twin = thing({ id: 'twin', type: 'zone', w: 1000, h: 1000 });
    expect([zoneOf(outer, [outer, twin])?.id, zoneOf(twin, [outer, twin])?.id]).toEqual(['twin', undefined]);
  });
});

describe('zones', () => {
  const outer = thing({ id: 'outer', type: 'zone', w: 1000, h: 1000 });
  const inner = thing({ id: 'inner', type: 'zone', x: 100, y: 100, w: 400, h: 400 });
  const all = [
    thing({ id: 'inside', x: 150, y: 150 }),
    inner,
    thing({ id: 'loose', x: 5000, y: 5000 }),
    outer,
    thing({ id: 'right', x: 700, y: 610 }),
    thing({ id: 'left', x: 100, y: 640 }),
  ];

  it('come after the bare cloth, each with its things, then the zones in it', () => {
    expect(tree(all)).toBe('loose outer(left right inner(inside))');
    expect(outlineOf(all, 'ltr').notes).toBe(4);
  });

  it('read from the side where the language begins', () => {
    expect(tree(all, 'rtl')).toBe('loose outer(right left inner(inside))');
  });

  it('are the same whatever the order in which things are given', () => {
    const place = fc.integer({ min: -600, max: 600 });
    const box = fc.record({ x: place, y: place, zone: fc.boolean(), group: fc.constantFrom('', 'g1', 'g2'), re: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(box, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (boxes, dice) => {
        const things = boxes.map(({ x, y, zone, group, re }, index) =>
          thing({ id: `thing-${index + 10}`, x, y, group, re: `thing-${re}`, ...(zone ? { type: 'zone', w: 400 + index, h: 400 } : {}) }),
        );
        const mixed = things
          .map((one) => ({ one, key: dice.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(outlineOf(mixed, 'ltr')).toEqual(outlineOf(things, 'ltr'));
        expect(idsOf(outlineOf(things, 'ltr')).sort()).toEqual(ids(things).sort());
      }),
    );
  });
});

describe('clusters', () => {
  it('stand where their first thing would, with all of it', () => {
    const things = [
      thing({ id: 'a', y: 0, group: 'g' }),
      thing({ id: 'b', x: 400, y: 0 }),
      thing({ id: 'c', y: 600, group: 'g' }),
      thing({ id: 'd', y: 900 }),
    ];
    expect(tree(things)).toBe('cluster:g(a c) b d');
  });

  it('are in one zone: what lies elsewhere, or alone, is no cluster', () => {
    const zone = thing({ id: 'zone', type: 'zone', x: 0, y: 290, w: 300, h: 200 });
    expect(tree([zone, thing({ id: 'a', group: 'g' }), thing({ id: 'b', y: 300, group: 'g' })])).toBe('a zone(b)');
  });

  it('have a key of their own in each zone that a group lies in', () => {
    const zone = thing({ id: 'zone', type: 'zone', x: 0, y: 290, w: 300, h: 500 });
    const inside = [300, 500].map((y, i) => thing({ id: `in${i}`, y, group: 'g' }));
    const outside = [0, 1000].map((y, i) => thing({ id: `out${i}`, y, group: 'g' }));
    expect(tree([zone, ...inside, ...outside])).toBe('cluster:g(out0 out1) zone(cluster:g zone(in0 in1))');
  });

  it('hold shapes, pictures and drawings too', () => {
    const kinds = ['shape', 'image', 'ink'].map((type, index) => thing({ id: type, type, y: index * 300, group: 'g' }));
    expect(tree(kinds)).toBe('cluster:g(shape image ink)');
  });
});

describe('replies', () => {
  const notes = [thing({ id: 'a', y: 0 }), thing({ id: 'b', y: 300 }), thing({ id: 'c', y: 600 })];

  it('stand under what they reply to, with their own replies under them', () => {
    expect(tree([notes[2] as Thing, reply('a2', 'c', { y: 0 }), reply('b2', 'a2', { y: 300 })])).toBe('c(a2(b2))');
  });

  it('are counted wherever they stand', () => {
    const far = reply('far', 'a', { y: 300 });
    const zone = thing({ id: 'zone', type: 'zone', x: 0, y: 290, w: 300, h: 200 });
    const outline = outlineOf([notes[0] as Thing, reply('near', 'a', { x: 400 }), far, zone], 'ltr');
    expect(outline.replies.get('a')).toBe(2);
    expect(drawn(outline.roots)).toBe('a(near) zone(far)');
    expect([find(outline, 'far')?.answers, find(outline, 'near')?.answers]).toEqual(['a', null]);
  });

  it('to something that is not there stand by themselves', () => {
    expect(tree([reply('a1', 'gone')])).toBe('a1');
    expect(find(outlineOf([reply('a1', 'gone')], 'ltr'), 'a1')?.answers).toBeNull();
  });

  it('never lead round in a ring, and lose nothing', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names, '', 'gone'), { minLength: 5, maxLength: 5 }), (re) => {
        const all = names.map((id, index) => thing({ id, y: index * 300, re: re[index] ?? '' }));
        expect(idsOf(outlineOf(all, 'ltr')).sort()).toEqual(names);
        const replies = repliesOf(new Map(all.map((one) => [one.id, one])));
        for (const start of replies.keys()) {
          const seen = new Set<string>();
          for (let up: string | undefined = start; up !== undefined; up = replies.get(up)) {
            expect(seen.has(up)).toBe(false);
            seen.add(up);
          }
        }
      }),
    );
  });

  it('may go on for a long time', () => {
    const talk = Array.from({ length: 5000 }, (_, i) => thing({ id: `n${i}`, y: i, re: i === 0 ? '' : `n${i - 1}` }));
    expect(idsOf(outlineOf(talk, 'ltr'))).toEqual(ids(talk));
  });
});

it('drawings that nobody described and links come last; described ones stand where they lie', () => {
  const things = [thing({ id: 'ink', type: 'ink' }), thing({ id: 'map', type: 'ink', words: 'A map', y: 500 }), link('l', '', ''), thing({ id: 'n' })];
  expect(tree(things)).toBe('n map drawings(ink) links(l)');
  expect(idsOf(outlineOf(things, 'ltr'))).toEqual(['n', 'map', 'ink', 'l']);
});

describe('many things', () => {
  const place = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }), w: fc.integer({ min: 1, max: 600 }), h: fc.integer({ min: 1, max: 600 }) });

  it('find the zone that each of them would find alone', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), fc.array(place, { maxLength: 30 }), (around, inside) => {
        const zones = around.map((box, index) => thing({ ...box, id: `z${index}`, type: 'zone' }));
        const all = [...zones, ...inside.map((box, index) => thing({ ...box, id: `n${index}` }))];
        const homeOf = zoneFinder(zones);
        for (const one of all) expect(homeOf(one)?.id).toBe(zoneOf(one, zones)?.id);
      }),
    );
  });

  it('have the same outline until one of them changes', () => {
    const things = [thing({ id: 'a' }), thing({ id: 'b', y: 300 })];
    const before = outlineFor(things, 'ltr');
    expect(outlineFor([...things], 'ltr')).toBe(before);
    const [a, b] = things;
    const after = outlineFor([a, { ...b, y: -300 }] as Thing[], 'ltr');
    expect(idsOf(after)).toEqual(['b', 'a']);
    expect(outlineFor([a, { ...b, y: -300 }] as Thing[], 'rtl')).not.toBe(after);
  });
});
