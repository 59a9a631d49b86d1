/**
 * What a screen reader is told in passing: one polite live region for the whole page (Speech.svelte shows it to nobody else).
 *
 * Sentences that come close together are joined, because a live region that changes twice within a moment says only the last.
 * The same sentence twice in a row is said twice.
 */

const GATHER_MS = 250;

let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let said = $state.raw<{ readonly text: string; readonly turn: number }>({ text: '', turn: 0 });

export const speech = {
  get said(): { readonly text: string; readonly turn: number } {
    return said;
  },
};

/** Say a finished sentence when there is a pause. */
export function announce(text: string): void {
  if (text === '' || waiting.includes(text)) return;
  waiting.push(text);
  timer ??= setTimeout(() => {
    timer = undefined;
    said = { text: waiting.join(' '), turn: said.turn + 1 };
    waiting = [];
  }, GATHER_MS);
}
