/**
 * Words that fit their note or shape: the size of the letters, found by measuring words instead of asking the page to lay them out.
 *
 * The same words, width and height give the same size on every screen, because the fonts are ours and lengths are board units: zoom
 * never changes a line break. Sizes go down by steps; at the smallest the rest is clipped, and a cue says so.
 * The lines found here are also what far-out zoom paints on the canvas.
 *
 * Rejected: measuring the DOM (a layout for each size and note), growing notes (a note that grows pushes over others' work).
 */

import { roomIn, type Form } from './forms';
import { hasList, linesOf } from './lines';

/** The width of words set in `weight` at a size of 1 board unit. */
export type Measure = (words: string, weight: number) => number;

export interface Fit {
  /** Board units. */
  readonly size: number;
  readonly lines: readonly string[];
  /** Where lists are among the lines: how far each is set in, in board units, and the sign before it. */
  readonly indents?: readonly number[];
  readonly labels?: readonly string[];
  /** Not all of the lines have room. */
  readonly clipped: boolean;
}

export const LINE_HEIGHT = 1.42;
export const NOTE_WEIGHT = 450;
/** Inside a note of 200 × 160, in board units; larger notes have larger ones. */
export const PAD_X = 15;
export const PAD_Y = 13;
const BASE_SIZE = 20;
const STEPS = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

/** How much larger than a note of 200 × 160 this one counts as: its letters and its pads grow with it. */
export function noteScale(w: number, h: number): number {
  return Math.max(0.4, Math.min(40, w / 200, h / 160));
}

// Letters of scripts that break between any two; each is a word of its own here.
const BREAKS_ANYWHERE = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
const WORD = new RegExp(`[${BREAKS_ANYWHERE}]|[^\\s${BREAKS_ANYWHERE}]+?(?:[-?\u2013\u2014](?=\\S)|(?=[\\s${BREAKS_ANYWHERE}])|$)|\\s+`, 'gu');

function signs(word: string): string[] {
  if (typeof Intl.Segmenter !== 'function') return [...word];
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word), (part) => part.segment);
}

/** Lines of one paragraph in `width` (at size 1). Spaces at a line's end hang over and count for nothing. */
function wrap(paragraph: string, width: number, measure: Measure, weight: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  let spaces = 0;
  for (const [part] of paragraph.matchAll(WORD)) {
    const wide = measure(part, weight);
    if (part.trim() === '') {
      line += part;
      spaces += wide;
      continue;
    }
    if (line.trim() !== '' && used + spaces + wide > width) {
      lines.push(line);
      line = '';
      used = spaces = 0;
    }
    if (wide <= width) {
      line += part;
      used += spaces + wide;
      spaces = 0;
      continue;
    }
    // Longer than a line: it breaks between any two signs.
    for (const sign of signs(part)) {
      const more = measure(sign, weight);
      if (line !== '' && used + spaces + more > width) {
        lines.push(line);
        line = '';
        used = spaces = 0;
      }
      line += sign;
      used += spaces + more;
      spaces = 0;
    }
  }
  lines.push(line);
  return lines;
}

export function wrapLines(text: string, width: number, measure: Measure, weight = NOTE_WEIGHT): string[] {
  return text.split('\n').flatMap((paragraph) => wrap(paragraph, width, measure, weight));
}

/** As FOLD-10 names them: letters that fit, or of one size whatever they stand on. */
export type Font = 'fit' | 'small' | 'medium' | 'large';
const FIXED: Readonly<Record<Exclude<Font, 'fit'>, number>> = { small: 14, medium: 20, large: 32 };

/** Between a shape's room for words and the words. */
export const SHAPE_PAD = 8;

export function weightOf(isBold: boolean): number {
  return isBold ? 720 : NOTE_WEIGHT;
}

interface Lettering {
  readonly font: Font;
  readonly isBold: boolean;
}

/** The largest step at which words fit into width × height; the smallest if none does. `base`: the first, in board units. */
function fitted(text: string, width: number, height: number, base: number, { font, isBold }: Lettering, measure: Measure): Fit {
  const weight = weightOf(isBold);
  const isFixed = font !== 'fit';
  const isList = hasList(text);
  let fit: Fit = { size: base, lines: [], clipped: false };
  for (const step of isFixed ? [1] : STEPS) {
    const size = isFixed ? FIXED[font] : base * step;
    const lines = isList ? listLines(text, width / size, size, measure, weight) : { lines: wrapLines(text, width / size, measure, weight) };
    const room = Math.floor((height + 0.2 * size) / (size * LINE_HEIGHT));
    fit = { size, ...lines, clipped: lines.lines.length > room };
    if (!fit.clipped && !breaksWord(text, width / size, measure, weight)) return fit;
  }
  return fit;
}

/** Lines of which some are points of a list: these hang from their sign. */
function listLines(text: string, width: number, size: number, measure: Measure, weight: number): Pick<Fit, 'lines' | 'indents' | 'labels'> {
  const [lines, indents, labels]: [string[], number[], string[]] = [[], [], []];
  for (const { body, indent, label } of linesOf(text)) {
    for (const [index, line] of wrap(body, Math.max(1, width - indent), measure, weight).entries()) {
      lines.push(line);
      indents.push(indent * size);
      labels.push(index === 0 ? label : '');
    }
  }
  return { lines, indents, labels };
}

/** How words stand on a note of w × h board units. */
export function fitNote(text: string, w: number, h: number, measure: Measure, font: Font = 'fit', isBold = false): Fit {
  const scale = noteScale(w, h);
  const width = Math.max(1, w - 2 * PAD_X * scale);
  const height = Math.max(1, h - 2 * PAD_Y * scale);
  return fitted(text, width, height, BASE_SIZE * scale, { font, isBold }, measure);
}

/** How words stand in a shape of w × h board units. */
export function fitShape(text: string, form: Form, w: number, h: number, measure: Measure, font: Font = 'fit', isBold = false): Fit {
  const room = roomIn(form, w, h);
  const scale = Math.max(0.5, Math.min(2, w / 200, h / 120));
  const [width, height] = [room.w - 2 * SHAPE_PAD, room.h - 2 * SHAPE_PAD].map((side) => Math.max(1, side)) as [number, number];
  return fitted(text, width, height, BASE_SIZE * scale, { font, isBold }, measure);
}

/** Whether a word would have to be cut, which reads worse than smaller letters. Addresses and the like may be cut. */
function breaksWord(text: string, width: number, measure: Measure, weight: number): boolean {
  for (const word of text.split(/[\s\-\u2013\u2014]+/u)) {
    if (word.length <= 18 && !BREAKING.test(word) && measure(word, weight) > width) return true;
  }
  return false;
}

const BREAKING = new RegExp(`[${BREAKS_ANYWHERE}]`, 'u');

/** A `Measure` over a canvas, with every word's width kept. `forget` when fonts arrive. */
export function canvasMeasure(context: { font: string; measureText(text: string): { readonly width: number } }, family: string): {
  readonly measure: Measure;
  forget(): void;
} {
  const known = new Map<string, number>();
  let weightNow = 0;
  const AT = 100;
  const measure: Measure = (words, weight) => {
    const key = `${weight}\u0000${words}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (weight !== weightNow) {
      context.font = `${weight} ${AT}px ${family}`;
      weightNow = weight;
    }
    const width = context.measureText(words).width / AT;
    if (known.size > 50_000) known.clear();
    known.set(key, width);
    return width;
  };
  return {
    measure,
    forget() {
      known.clear();
      weightNow = 0;
    },
  };
}
