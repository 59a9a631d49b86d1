/** The page's one measure for words on notes (fit.ts), over our fonts; a rune tells when a font came and all must be fitted anew. */
import { canvasMeasure, fitNote, fitShape, NOTE_WEIGHT, type Fit, type Font, type Measure } from './fit';
import type { Form } from './forms';

const KEPT = 4000;
let measuring: ReturnType<typeof canvasMeasure> | null = null;
const fits = new Map<string, Fit>();
let fonts = $state(0);

function begin(): ReturnType<typeof canvasMeasure> {
  const context = document.createElement('canvas').getContext('2d');
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font').trim() || 'sans-serif';
  const made = canvasMeasure(context ?? { font: '', measureText: (text) => ({ width: text.length * 50 }) }, family);
  const again = (): void => {
    made.forget();
    fits.clear();
    fonts += 1;
  };
  document.fonts?.addEventListener('loadingdone', again);
  return made;
}

/** Grows when a font came. */
export function fontsTurn(): number {
  return fonts;
}

function remembered(key: string, fresh: (measure: Measure) => Fit): Fit {
  void fonts;
  const known = fits.get(key);
  if (known !== undefined) return known;
  measuring ??= begin();
  const fit = fresh(measuring.measure);
  if (fits.size > KEPT) fits.clear();
  fits.set(key, fit);
  return fit;
}

/** How wide words of a note are, in ems. Read inside a derived value, as `fitOf`. */
export function widthOf(words: string): number {
  void fonts;
  measuring ??= begin();
  return measuring.measure(words, NOTE_WEIGHT);
}

/** The fit of a note's words, remembered. Read inside a derived value: it changes when fonts come. */
export function fitOf(words: string, w: number, h: number, font: Font = 'fit', isBold = false): Fit {
  return remembered(`${w} ${h} ${font} ${isBold} ${words}`, (measure) => fitNote(words, w, h, measure, font, isBold));
}

/** The same for a shape's. */
export function shapeFitOf(words: string, form: Form, w: number, h: number, font: Font = 'fit', isBold = false): Fit {
  return remembered(`${form} ${w} ${h} ${font} ${isBold} ${words}`, (measure) => fitShape(words, form, w, h, measure, font, isBold));
}
