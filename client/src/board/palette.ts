/**
 * The look's colours for what is painted instead of laid out: read once from the custom properties (ui/tokens.css), and again
 * when the theme changes, so that canvas and page never differ.
 */
import { NOTE_COLOURS, PEN_COLOURS } from '../core/elements';

export interface Palette {
  readonly notes: ReadonlyMap<string, string>;
  readonly pens: ReadonlyMap<string, string>;
  readonly noteInk: string;
  readonly noteEdge: string;
  readonly cloth: string;
  readonly line: string;
  readonly ink: string;
  readonly family: string;
}

export function readPalette(holder: HTMLElement): Palette {
  const style = getComputedStyle(holder);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    notes: new Map(NOTE_COLOURS.map((name) => [name, value(`--note-${name}`)])),
    pens: new Map(PEN_COLOURS.map((name) => [name, value(`--pen-${name}`)])),
    noteInk: value('--note-ink'),
    noteEdge: value('--note-edge'),
    cloth: value('--cloth'),
    line: value('--line'),
    ink: value('--ink'),
    family: value('--font'),
  };
}

/** Calls back whenever the theme changed: the device's, or a person's own choice. Answers how to stop. */
export function onTheme(changed: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  const watcher = new MutationObserver(changed);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    watcher.disconnect();
  };
}
