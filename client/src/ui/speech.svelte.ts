/**
 * What a screen reader is told in passing: one polite live region for the whole page, and one assertive for trouble
 * (Speech.svelte shows them to nobody else).
 *
 * Sentences that come close together are joined, because a live region that changes twice within a moment says only the last.
 * The same sentence twice in a row is said twice.
 */

const GATHER_MS = 250;

export interface Said {
  readonly text: string;
  readonly turn: number;
}

const SILENCE: Said = { text: '', turn: 0 };

/** One region's voice: gathers for a moment, then speaks once. */
class Voice {
  said: Said = $state.raw(SILENCE);
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    if (text === '' || this.#waiting.includes(text)) return;
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.said = { text: this.#waiting.join(' '), turn: this.said.turn + 1 };
      this.#waiting = [];
    }, GATHER_MS);
  }
}

const polite = new Voice();
const assertive = new Voice();

export const speech = {
  get said(): Said {
    return polite.said;
  },
  get alarm(): Said {
    return assertive.said;
  },
};

/** Say a finished sentence when there is a pause. */
export function announce(text: string): void {
  polite.say(text);
}

/** Say at once that something went another way than this person thinks. For nothing else: it interrupts. */
export function alarm(text: string): void {
  assertive.say(text);
}
