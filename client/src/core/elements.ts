/**
 * The kinds of thing that lie on a board, and which properties each has (FOLD-10). Mirrors `core/elements.py`.
 *
 * A property is an integer within bounds, one of a few names, an id, an order key, or words (which stand in bodies).
 */

import { isAsset, isId, isOrderKey, type Value, type Values } from './edits.ts';
import { MAX_COORDINATE, MAX_SIZE } from './limits.ts';

export const NOTE_COLOURS = ['lemon', 'peach', 'rose', 'lilac', 'sky', 'mint', 'oat', 'white'] as const;
export const ZONE_COLOURS = ['white', ...NOTE_COLOURS.slice(0, -1)] as const;
export const PEN_COLOURS = ['ink', 'teal', 'rust', 'plum', 'blue', 'green', 'brick'] as const;
export const FILLS = ['none', ...NOTE_COLOURS] as const;
export const FONTS = ['fit', 'small', 'medium', 'large'] as const;
export const DIRECTIONS = ['auto', 'ltr', 'rtl'] as const;
export const LINES = ['solid', 'dashed', 'dotted'] as const;
export const FORMS = ['rectangle', 'ellipse', 'diamond', 'triangle'] as const;
export const TIPS = ['pen', 'highlighter'] as const;
export const MEANINGS = ['link', 'leads', 'supports', 'against', 'part', 'same'] as const;
export const HEADS = ['end', 'none', 'both'] as const;
export const ROUTES = ['curve', 'straight', 'elbow'] as const;
export const WHOSE = ['ours', 'ask', 'mine'] as const;
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

/** SHA-256 of a stored picture's bytes, in hex, or the empty string for none yet. */
const assetProp: Prop = {
  default: '',
  accepts: (value) => typeof value === 'string' && (value === '' || isAsset(value)),
};

type Props = Readonly<Record<string, Prop>>;

/** Whose the words are (FOLD-80), and what they were copied from (FOLD-87). */
const WORDS: Props = { whose: choiceProp(WHOSE), credit: idProp, copied: idProp };

/** What everything has: where it begins, its place in the pile, and what it is moved with. */
const PLACE: Props = { x: coordinate(), y: coordinate(), order: orderProp, group: idProp, ...WORDS };

function box(width: number, height: number): Props {
  return { ...PLACE, w: size(width), h: size(height) };
}

/** How words are set, for the element as a whole: style never belongs to ranges (DESIGN §3). */
const LETTERING: Props = { font: choiceProp(FONTS), bold: intProp(0, 0, 1), dir: choiceProp(DIRECTIONS) };

const OUTLINE: Props = { colour: choiceProp(PEN_COLOURS), width: intProp(3, 1, 64), line: choiceProp(LINES) };

interface Rest {
  readonly words?: readonly string[];
  readonly fields?: readonly string[];
  readonly hasInk?: boolean;
}

function row(name: string, props: Props, rest: Rest): ElementType {
  const { words = [], fields = [], hasInk = false } = rest;
  return { name, props: new Map(Object.entries(props)), words, fields, hasInk };
}

const ROWS: readonly ElementType[] = [
  row(
    'note',
    { ...box(200, 160), ...LETTERING, colour: choiceProp(NOTE_COLOURS), re: idProp },
    { words: ['said'], fields: ['text'] },
  ),
  row('zone', { ...box(800, 600), colour: choiceProp(ZONE_COLOURS) }, { fields: ['text'] }),
  row(
    'ink',
    {
      ...PLACE,
      colour: choiceProp(PEN_COLOURS),
      width: intProp(4, 1, 64),
      tip: choiceProp(TIPS),
      scale: intProp(100, 5, 2000),
    },
    { words: ['alt', 'said'], hasInk: true },
  ),
  row(
    'connector',
    {
      ...PLACE,
      ...OUTLINE,
      from: idProp,
      to: idProp,
      x2: coordinate(),
      y2: coordinate(),
      meaning: choiceProp(MEANINGS),
      head: choiceProp(HEADS),
      route: choiceProp(ROUTES),
    },
    { fields: ['text'] },
  ),
  row(
    'shape',
    { ...box(200, 120), ...LETTERING, ...OUTLINE, form: choiceProp(FORMS), fill: choiceProp(FILLS) },
    { words: ['said'], fields: ['text'] },
  ),
  row('image', { ...box(400, 300), asset: assetProp }, { words: ['alt', 'said'] }),
];

export const TYPES: ReadonlyMap<string, ElementType> = new Map(ROWS.map((type) => [type.name, type]));

/** The row of a type that stands on a board, where only known types are (FOLD-10). Throws for any other name. */
export function typeOf(name: string): ElementType {
  const type = TYPES.get(name);
  if (type === undefined) throw new RangeError(`no element is a ${name}`);
  return type;
}

/** What no `set` changes: the order has an edit of its own, and where words came from is said at birth. */
export const FIXED = ['order', 'credit', 'copied'] as const;

/** Whether every property exists on that type and takes its value (FOLD-10). The order key has an edit of its own. */
export function valuesFit(typeName: string, values: Values): boolean {
  const type = TYPES.get(typeName);
  if (type === undefined) return false;
  for (const [name, value] of values) {
    if (type.props.get(name)?.accepts(value) !== true) return false;
  }
  return true;
}
