/**
 * Words that fit their note: the size of the letters, found by measuring words instead of asking the page to lay them out.
 *
 * The same words, width and height give the same size on every screen, because the fonts are ours and lengths are board units: zoom
 * never changes a line break. Sizes go down by steps; at the smallest the rest is clipped, and a cue says so.
 * The lines found here are also what far-out zoom paints on the canvas.
 *
 * Rejected: measuring the DOM (a layout for each size and note), growing notes (a note that grows pushes over others' work).
 */

/** The width of words set in `weight` at a size of 1 board unit. */
export type Measure = (words: string, weight: number) => number;

export interface Fit {
  /** Board units. */
  readonly size: number;
  readonly lines: readonly string[];
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

/** The largest step at which the words fit a note of w × h board units. */
export function fitNote(text: string, w: number, h: number, measure: Measure): Fit {
  const scale = noteScale(w, h);
  const width = Math.max(1, w - 2 * PAD_X * scale);
  const height = Math.max(1, h - 2 * PAD_Y * scale);
  let fit: Fit = { size: BASE_SIZE * scale, lines: [], clipped: false };
  for (const step of STEPS) {
    const size = BASE_SIZE * scale * step;
    const lines = wrapLines(text, width / size, measure);
    const room = Math.floor((height + 0.2 * size) / (size * LINE_HEIGHT));
    fit = { size, lines, clipped: lines.length > room };
    if (!fit.clipped && !breaksWord(text, width / size, measure)) return fit;
  }
  return fit;
}

/** Whether a word would have to be cut, which reads worse than smaller letters. Addresses and the like may be cut. */
function breaksWord(text: string, width: number, measure: Measure): boolean {
  for (const word of text.split(/[\s\-\u2013\u2014]+/u)) {
    if (word.length <= 18 && !BREAKING.test(word) && measure(word, NOTE_WEIGHT) > width) return true;
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
