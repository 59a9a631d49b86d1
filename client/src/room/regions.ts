/** The parts of the page that F6 walks through, and what counts as writing. Pure but for reading the element at hand. */

export const REGIONS = ['bar', 'tools', 'cloth', 'outline'] as const;
export type Region = (typeof REGIONS)[number];

/** The region after the one that has the keyboard, or before it; from nowhere, the first or last. */
export function nextRegion(there: readonly Region[], now: Region | null, back: boolean): Region | null {
  if (there.length === 0) return null;
  const at = now === null ? (back ? 0 : -1) : there.indexOf(now);
  return there[(at + (back ? -1 : 1) + there.length) % there.length] ?? null;
}

/** Whether keys go into a text there, so that single letters are not commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
