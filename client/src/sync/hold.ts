/** How long to wait before anything is sent again after the door said "not now" (PROTOCOL-23): each time longer. */

import type { Timers } from './timers.ts';

/** By code: how long at first before the same n is sent again. */
const FIRST_MS: ReadonlyMap<string, number> = new Map([
  ['gap', 0],
  ['not-open', 0],
  ['busy', 250],
  ['slow-down', 1_000],
  ['read-only', 2_000],
]);
const LONGEST_MS = 10_000;
const LONGER = 1.5;

export class Hold {
  readonly #timers: Timers;
  /** The wait is over. */
  readonly #over: () => void;
  #until = 0;
  #ms = 0;
  #stop: () => void = () => undefined;

  constructor(timers: Timers, over: () => void) {
    this.#timers = timers;
    this.#over = over;
  }

  get isOn(): boolean {
    return this.#timers.now() < this.#until;
  }

  /** The door refused something. Codes after which one need not wait do nothing. */
  refused(code: string): void {
    const first = FIRST_MS.get(code) ?? 0;
    if (first === 0 || this.isOn) return;
    this.#ms = Math.min(LONGEST_MS, Math.max(first, this.#ms * LONGER));
    this.#until = this.#timers.now() + this.#ms;
    this.#stop();
    this.#stop = this.#timers.after(this.#ms, this.#over);
  }

  /** The door took something: the next wait is a short one again. */
  taken(): void {
    this.#ms = 0;
  }

  /** No more timers. */
  stop(): void {
    this.#stop();
  }
}
