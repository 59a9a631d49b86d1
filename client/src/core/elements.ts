/**
 * The kinds of thing that lie on a board, and which properties each has (FOLD-10). Mirrors `core/elements.py`.
 *
 * A property is an integer within bounds, one of a few names, an id, an order key, or words (which stand in bodies).
 */

import { isId, isOrderKey, type Value, type Values } from './edits.ts';
import { MAX_COORDINATE, MAX_SIZE } from './limits.ts';

export const NOTE_COLOURS = ['lemon', 'peach', 'rose', 'lilac', 'sky', 'mint', 'oat', 'white'] as const;
export const ZONE_COLOURS = ['white', ...NOTE_COLOURS.slice(0, -1)] as const;
export const PEN_COLOURS = ['ink', 'teal', 'rust', 'plum', 'blue', 'green', 'brick'] as const;
export const DEFAULT_ORDER = 'a0';

export interface Prop {
  readonly default: Value;
  readonly accepts: (value: Value) => boolean;
}

/** One row of the table: properties in heads, word properties in bodies, and fields that are written letter by letter. */
export interface ElementType {
  readonly name: string;
  readonly props: ReadonlyMap<string, Prop>;
  readonly words: readonly string[];
  readonly fields: readonly string[];
  readonly hasInk: boolean;
}

/** An integer from `low` to `high`, both included. */
function intProp(initial: number, low: number, high: number): Prop {
  const accepts = (value: Value): boolean => typeof value === 'number' && value >= low && value <= high;
  return { default: initial, accepts };
}

/** One of `names`; the first is the default. */
function choiceProp(names: readonly string[]): Prop {
  return { default: names[0] ?? '', accepts: (value) => typeof value === 'string' && names.includes(value) };
}

function coordinate(): Prop {
  return intProp(0, -MAX_COORDINATE, MAX_COORDINATE);
}

function size(initial: number): Prop {
  return intProp(initial, 1, MAX_SIZE);
}

/** The id of another element, or the empty string for none. The element need not exist. */
const idProp: Prop = {
  default: '',
  accepts: (value) => typeof value === 'string' && (value === '' || isId(value)),
};

/** A fractional order key: where in the pile the element lies. */
const orderProp: Prop = {
  default: DEFAULT_ORDER,
  accepts: (value) => typeof value === 'string' && isOrderKey(value),
};

function box(width: number, height: number, colours: readonly string[]): ReadonlyMap<string, Prop> {
  return new Map([
    ['x', coordinate()],
    ['y', coordinate()],
    ['w', size(width)],
    ['h', size(height)],
    ['colour', choiceProp(colours)],
    ['order', orderProp],
  ]);
}

const ROWS: readonly ElementType[] = [
  { name: 'note', props: box(200, 160, NOTE_COLOURS), words: [], fields: ['text'], hasInk: false },
  { name: 'zone', props: box(800, 600, ZONE_COLOURS), words: [], fields: ['text'], hasInk: false },
  {
    name: 'ink',
    props: new Map([
      ['x', coordinate()],
      ['y', coordinate()],
      ['colour', choiceProp(PEN_COLOURS)],
      ['width', intProp(4, 1, 64)],
      ['order', orderProp],
    ]),
    words: ['alt'],
    fields: [],
    hasInk: true,
  },
  {
    name: 'connector',
    props: new Map([
      ['from', idProp],
      ['to', idProp],
      ['x', coordinate()],
      ['y', coordinate()],
      ['x2', coordinate()],
      ['y2', coordinate()],
      ['colour', choiceProp(PEN_COLOURS)],
      ['order', orderProp],
    ]),
    words: [],
    fields: ['text'],
    hasInk: false,
  },
];

export const TYPES: ReadonlyMap<string, ElementType> = new Map(ROWS.map((row) => [row.name, row]));

/** The row of a type that stands on a board, where only known types are (FOLD-10). Throws for any other name. */
export function typeOf(name: string): ElementType {
  const type = TYPES.get(name);
  if (type === undefined) throw new RangeError(`no element is a ${name}`);
  return type;
}

/** Whether every property exists on that type and takes its value (FOLD-10). The order key has an edit of its own. */
export function valuesFit(typeName: string, values: Values): boolean {
  const type = TYPES.get(typeName);
  if (type === undefined) return false;
  for (const [name, value] of values) {
    if (type.props.get(name)?.accepts(value) !== true) return false;
  }
  return true;
}
