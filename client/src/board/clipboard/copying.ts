/**
 * From things on a board to what is copied, and from what was copied to new things. Pure: the board is only read.
 *
 * A zone takes along what lies on it, and links whose both ends go along go along too. Locks don't travel: a copy is free. A link
 * whose end stays behind ends where that end was.
 */
import type { Element, Value } from '../../sync/interface';
import { TYPES, typeOf } from '../../core/elements';
import { creditOf } from '../../core/whose';
import type { NewElement } from '../../sync/interface';
import { moved, union, type Rect } from '../geometry';
import { carriedBy } from '../hit';
import { keepCoordinate } from '../resize';
import { compareItems, nameOf, type Item, type Scene } from '../scene';
import { END_NAMES, HOME_NAMES, type Copied, type CopiedThing } from './format';

/** What goes along when these are copied: what lies on zones, and links between what goes; lowest first. */
export function wholeOf(scene: Scene, items: Iterable<Item>): Item[] {
  const all = new Map([...items].map((item) => [item.id, item]));
  for (const item of [...all.values()]) {
    if (item.kind === 'zone') for (const inside of carriedBy(scene, item)) all.set(inside.id, inside);
  }
  const frame = union([...all.values()].map((item) => item.rect));
  for (const item of frame === null ? [] : scene.search(frame)) {
    const ends = item.kind === 'connector' ? [nameOf(item.element, 'from'), nameOf(item.element, 'to')] : [];
    if (ends.length > 0 && ends.every((end) => all.has(end))) all.set(item.id, item);
  }
  return [...all.values()].sort(compareItems);
}

/** `items` as they lie, lowest first (`wholeOf`). */
export function copiedOf(items: readonly Item[], from: string): Copied {
  const at = new Map(items.map((item, index) => [item.id, index]));
  const groups = new Map<string, number>();
  return { from, things: items.map((item) => copiedThing(item, at, groups)) };
}

function copiedThing(item: Item, at: ReadonlyMap<string, number>, groups: Map<string, number>): CopiedThing {
  const { element } = item;
  const type = typeOf(element.type);
  const values: Record<string, Value> = {};
  for (const [name, value] of element.props) if (!HOME_NAMES.has(name) && type.props.get(name)?.default !== value) values[name] = value;
  // FOLD-87: whose words a copy holds, through copies of copies. What others may do with it is its own author's to say.
  delete values['whose'];
  Object.assign(values, { copied: element.id, credit: creditOf(element) });
  const ends: Record<string, number> = {};
  for (const name of END_NAMES) {
    const place = type.props.has(name) ? at.get(nameOf(element, name)) : undefined;
    if (place !== undefined) ends[name] = place;
  }
  if (item.route !== null) Object.assign(values, endPlaces(item));
  const words = [...element.words].flatMap(([name, said]) => (said === null || said === '' ? [] : [[name, said] as const]));
  return {
    type: element.type,
    values,
    text: element.text(),
    words: Object.fromEntries(words),
    ink: element.ink.flatMap(({ count, points }) => (points === null || count === 0 ? [] : [{ count, points }])),
    ends,
    group: groupNumber(element, groups),
  };
}

/** Where a link's ends lie now, for an end whose thing stays behind. */
function endPlaces(item: Item): Record<string, Value> {
  if (item.route === null) return {};
  const { start, end } = item.route;
  return { x: keepCoordinate(start.x), y: keepCoordinate(start.y), x2: keepCoordinate(end.x), y2: keepCoordinate(end.y) };
}

function groupNumber(element: Element, groups: Map<string, number>): number {
  const group = typeOf(element.type).props.has('group') ? nameOf(element, 'group') : '';
  if (group === '') return 0;
  const known = groups.get(group) ?? groups.size + 1;
  groups.set(group, known);
  return known;
}

export interface Pasting {
  readonly elements: readonly NewElement[];
  /** Word properties, to be set once the elements are there. */
  readonly words: ReadonlyMap<string, Record<string, string>>;
  /** Pieces of ink beyond each stroke's first. */
  readonly ink: readonly { readonly element: string; readonly count: number; readonly points: Uint8Array }[];
}

const SHIFTED = [['x', 'y'], ['x2', 'y2']] as const;

/** New things with ids and groups of their own, so far from where they were copied. */
export function pastingOf({ things }: Copied, dx: number, dy: number, newId: () => string): Pasting {
  const ids = things.map(() => newId());
  const groups = new Map<number, string>();
  // A group needs two.
  const sizes = new Map<number, number>();
  for (const { group } of things) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const groupOf = (group: number): string => {
    const known = groups.get(group) ?? newId();
    groups.set(group, known);
    return known;
  };
  const elements = things.map((thing, index): NewElement => {
    const values = shifted(thing, dx, dy);
    for (const [name, place] of Object.entries(thing.ends)) values[name] = ids[place] ?? '';
    if (thing.group !== 0 && (sizes.get(thing.group) ?? 0) > 1) values['group'] = groupOf(thing.group);
    const [first] = thing.ink;
    return {
      id: ids[index] ?? newId(),
      type: thing.type as NewElement['type'],
      values,
      ...(thing.text === '' ? {} : { text: thing.text }),
      ...(first === undefined ? {} : { ink: first }),
    };
  });
  const words = new Map(things.flatMap((thing, index) => (Object.keys(thing.words).length === 0 ? [] : [[ids[index] ?? '', { ...thing.words }]])));
  const ink = things.flatMap((thing, index) => thing.ink.slice(1).map((piece) => ({ element: ids[index] ?? '', ...piece })));
  return { elements, words, ink };
}

function shifted({ type, values: before }: CopiedThing, dx: number, dy: number): Record<string, Value> {
  const values: Record<string, Value> = { ...before };
  for (const [x, y] of SHIFTED) {
    for (const [name, by] of [[x, dx], [y, dy]] as const) {
      const prop = TYPES.get(type)?.props.get(name);
      if (prop === undefined) continue;
      const value = values[name] ?? prop.default;
      if (typeof value === 'number') values[name] = keepCoordinate(value + by);
    }
  }
  return values;
}

/** The frame around what was copied, as it lay: boxes by their sizes, lines by their ends. */
export function frameOf({ things }: Copied): Rect {
  const rects = things.map((thing): Rect => {
    const number = (name: string): number => {
      const value = thing.values[name] ?? TYPES.get(thing.type)?.props.get(name)?.default;
      return typeof value === 'number' ? value : 0;
    };
    const at = { x: number('x'), y: number('y') };
    if (thing.type !== 'connector') return { ...at, w: number('w'), h: number('h') };
    const [x2, y2] = [number('x2'), number('y2')];
    return { x: Math.min(at.x, x2), y: Math.min(at.y, y2), w: Math.abs(x2 - at.x), h: Math.abs(y2 - at.y) };
  });
  return union(rects) ?? moved({ x: 0, y: 0, w: 0, h: 0 }, 0, 0);
}
