/** The page's one measure for words on notes (fit.ts), over our fonts; a rune tells when a font came and all must be fitted anew. */
import { canvasMeasure, fitNote, type Fit } from './fit';

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

/** The fit of a note's words, remembered. Read inside a derived value: it changes when fonts come. */
export function fitOf(words: string, w: number, h: number): Fit {
  void fonts;
  const key = `${w} ${h} ${words}`;
  const known = fits.get(key);
  if (known !== undefined) return known;
  measuring ??= begin();
  const fit = fitNote(words, w, h, measuring.measure);
  if (fits.size > KEPT) fits.clear();
  fits.set(key, fit);
  return fit;
}
