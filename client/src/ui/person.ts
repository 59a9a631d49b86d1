/**
 * How a person looks: a colour *and* a shape *and* initials, so that nobody is known by colour alone.
 *
 * Colour and shape come from the pseudonym, so every screen shows the same person alike without asking anybody. They say
 * nothing about a person's part. Two people may look alike in a large room; their initials and names still differ.
 */

export const PERSON_COLOURS = ['teal', 'rust', 'plum', 'blue', 'green', 'brick'] as const;
export const PERSON_SHAPES = ['circle', 'square', 'diamond', 'hexagon', 'leaf', 'arch'] as const;
export type PersonColour = (typeof PERSON_COLOURS)[number];
export type PersonShape = (typeof PERSON_SHAPES)[number];

export interface Look {
  readonly colour: PersonColour;
  readonly shape: PersonShape;
}

/** Outlines in a box of 24 by 24, for SVG paths. */
export const SHAPE_PATHS: Readonly<Record<PersonShape, string>> = {
  circle: 'M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22z',
  square: 'M5 1.5h14A3.5 3.5 0 0 1 22.5 5v14a3.5 3.5 0 0 1-3.5 3.5H5A3.5 3.5 0 0 1 1.5 19V5A3.5 3.5 0 0 1 5 1.5z',
  diamond: 'M10.2.9a2.6 2.6 0 0 1 3.6 0l9.3 9.3a2.6 2.6 0 0 1 0 3.6l-9.3 9.3a2.6 2.6 0 0 1-3.6 0L.9 13.8a2.6 2.6 0 0 1 0-3.6z',
  hexagon: 'M7.1 1.6h9.8c.7 0 1.3.4 1.7 1l4.6 8.4c.3.6.3 1.4 0 2l-4.6 8.4c-.4.6-1 1-1.7 1H7.1c-.7 0-1.3-.4-1.7-1L.8 13c-.3-.6-.3-1.4 0-2l4.6-8.4c.4-.6 1-1 1.7-1z',
  leaf: 'M1.5 1.5H14A8.5 8.5 0 0 1 22.5 10v12.5H10A8.5 8.5 0 0 1 1.5 14z',
  arch: 'M1.5 12a10.5 10.5 0 0 1 21 0v8.5a2 2 0 0 1-2 2h-17a2 2 0 0 1-2-2z',
};

/** A small number from a pseudonym, spread evenly (FNV-1a, 32 bits). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  // The low bits of FNV are weak: fold the high ones in.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The colour and shape of a pseudonym: the same on every screen. */
export function lookOf(author: string): Look {
  const number = spread(author);
  const colour = PERSON_COLOURS[number % PERSON_COLOURS.length] ?? 'teal';
  const shape = PERSON_SHAPES[Math.floor(number / PERSON_COLOURS.length) % PERSON_SHAPES.length] ?? 'circle';
  return { colour, shape };
}

const LETTER = /[\p{L}\p{N}]/u;

function firstSign(word: string): string {
  if (typeof Intl.Segmenter === 'function') {
    for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)) {
      return segment;
    }
  }
  return [...word][0] ?? '';
}

/** One or two signs for a name: of its first and its last word. Empty for no name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s·,.]+/u).filter((word) => word !== '');
  const lettered = words.filter((word) => LETTER.test(firstSign(word)));
  const chosen = lettered.length > 0 ? lettered : words;
  const first = chosen[0];
  const last = chosen.at(-1);
  if (first === undefined || last === undefined) return '';
  const initials = chosen.length === 1 ? firstSign(first) : firstSign(first) + firstSign(last);
  return initials.toLocaleUpperCase();
}
