// The outline is what blind people and phones have instead of the canvas: each rule of outline.ts has a case here.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersOf, idsOf, inReadingOrder, outlineOf, zoneOf, type Thing } from './outline';

let count = 0;

function thing(part: Partial<Thing> & { id: string }): Thing {
  count += 1;
  return { type: 'note', x: 0, y: 0, w: 200, h: 160, words: '', colour: 'lemon', from: '', to: '', born: count, ...part };
}

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

describe('groups', () => {
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

  it('are the bare cloth, then each zone with its notes, then the zones in it', () => {
    const { groups, notes } = outlineOf(all, 'ltr');
    expect(groups.map(({ zone, depth, lines }) => [zone?.id ?? null, depth, lines.map((line) => line.thing.id)])).toEqual([
      [null, 0, ['loose']],
      ['outer', 0, ['left', 'right']],
      ['inner', 1, ['inside']],
    ]);
    expect(notes).toBe(4);
  });

  it('read from the side where the language begins', () => {
    expect(outlineOf(all, 'rtl').groups[1]?.lines.map((line) => line.thing.id)).toEqual(['right', 'left']);
  });

  it('are the same whatever the order in which things are given', () => {
    const place = fc.integer({ min: -600, max: 600 });
    const box = fc.record({ x: place, y: place, zone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(box, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (boxes, dice) => {
        const things = boxes.map(({ x, y, zone }, index) =>
          thing({ id: `thing-${index + 10}`, x, y, ...(zone ? { type: 'zone', w: 400 + index, h: 400 } : {}) }),
        );
        const mixed = things
          .map((one) => ({ one, key: dice.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(outlineOf(mixed, 'ltr')).toEqual(outlineOf(things, 'ltr'));
      }),
    );
  });
});

describe('answers', () => {
  const notes = [thing({ id: 'a', y: 0 }), thing({ id: 'b', y: 300 }), thing({ id: 'c', y: 600 })];
  const byId = new Map(notes.map((note) => [note.id, note]));

  it('stand under what they answer, with their own answers under them', () => {
    const { groups } = outlineOf([...notes, link('l1', 'c', 'a'), link('l2', 'a', 'b')], 'ltr');
    expect(groups[0]?.lines.map(({ thing: note, depth }) => [note.id, depth])).toEqual([
      ['c', 0],
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('follow the oldest link', () => {
    const links = [link('l1', 'a', 'c'), link('l2', 'b', 'c')];
    expect(answersOf(byId, links.toReversed()).get('c')).toBe('a');
  });

  it('never lead round in a ring, and lose no note', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const end = fc.constantFrom(...names, '', 'gone');
    fc.assert(
      fc.property(fc.array(fc.tuple(end, end), { maxLength: 15 }), (pairs) => {
        const all = names.map((id, index) => thing({ id, y: index * 300 }));
        const links = pairs.map(([from, to], index) => link(`link-${index}`, from, to));
        const outline = outlineOf([...all, ...links], 'ltr');
        expect(outline.groups.flatMap(({ lines }) => lines.map((line) => line.thing.id)).sort()).toEqual(names);
      }),
    );
  });

  it('in another zone stay there, and say what they answer', () => {
    const zone = thing({ id: 'zone', type: 'zone', x: 0, y: 290, w: 300, h: 200 });
    const { groups } = outlineOf([...notes, zone, link('l', 'a', 'b')], 'ltr');
    const line = groups[1]?.lines[0];
    expect(groups[1]?.zone?.id).toBe('zone');
    expect([line?.thing.id, line?.depth, line?.answers]).toEqual(['b', 0, 'a']);
  });
});

it('drawings and links come last', () => {
  const outline = outlineOf([thing({ id: 'ink', type: 'ink' }), link('l', '', ''), thing({ id: 'n' })], 'ltr');
  expect([ids(outline.drawings), ids(outline.links), outline.notes]).toEqual([['ink'], ['l'], 1]);
  expect(idsOf(outline)).toEqual(['n', 'ink', 'l']);
});
