/**
 * What can be chosen for things, property by property: which of the chosen have it, what they have now, and what it is called. Pure.
 *
 * Bar, panels and menu all read this list, so what one offers the others do too. Names of values are those of FOLD-10.
 */
import { typeOf } from '../../core/elements';
import type { Value } from '../../core/edits';
import type { Item } from '../scene';

export interface Facet {
  readonly name: string;
  readonly options: readonly Value[];
}

/** Looks of lines, and of words. Colours stand apart, in swatches. */
export const FACETS: readonly Facet[] = [
  { name: 'form', options: ['rectangle', 'ellipse', 'diamond', 'triangle'] },
  { name: 'meaning', options: ['link', 'leads', 'supports', 'against', 'part', 'same'] },
  { name: 'head', options: ['end', 'both', 'none'] },
  { name: 'route', options: ['curve', 'straight', 'elbow'] },
  { name: 'line', options: ['solid', 'dashed', 'dotted'] },
  { name: 'width', options: [2, 3, 6, 12] },
  { name: 'tip', options: ['pen', 'highlighter'] },
  { name: 'font', options: ['fit', 'small', 'medium', 'large'] },
  { name: 'bold', options: [0, 1] },
  { name: 'dir', options: ['auto', 'ltr', 'rtl'] },
];

export const FILLS = ['none', 'lemon', 'peach', 'rose', 'lilac', 'sky', 'mint', 'oat', 'white'] as const;

/** Those that have a property. */
export function having(items: readonly Item[], name: string): Item[] {
  return items.filter((item) => typeOf(item.kind).props.has(name));
}

/** What all of those that have it agree on; null if they differ, or if nobody has it. */
export function valueOf(items: readonly Item[], name: string): Value | null {
  const values = new Set(having(items, name).map((item) => item.element.prop(name)));
  const [only] = values;
  return values.size === 1 && only !== undefined ? only : null;
}

/** The facets that apply to all that is chosen; to links and drawings among others, those that apply to any. */
export function facetsOf(items: readonly Item[]): Facet[] {
  return FACETS.filter(({ name }) => items.length > 0 && having(items, name).length === items.length);
}

/** Papers have the colours of notes, ink and lines those of pens; what is drawn with a frame may be filled. */
export function inksOf(items: readonly Item[]): { readonly paper: Item[]; readonly pen: Item[]; readonly fill: Item[] } {
  const isPaper = (item: Item): boolean => item.kind === 'note' || item.kind === 'zone';
  const coloured = having(items, 'colour');
  return { paper: coloured.filter(isPaper), pen: coloured.filter((item) => !isPaper(item)), fill: having(items, 'fill') };
}
