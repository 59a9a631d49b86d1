// Time that stands still until a test moves it.

import type { Timers } from '../../src/sync/timers.ts';
import type { Chance } from './chance.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

export class Clock implements Timers {
  #now = 1_000;
  readonly #chance: Chance;
  readonly #timers = new Set<Timer>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  now(): number {
    return this.#now;
  }

  date(): number {
    return 1_700_000_000_000 + this.#now;
  }

  random(): number {
    return this.#chance.next();
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Let so many ms pass; what falls due is called in order. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= until).sort((one, two) => one.at - two.at)[0];
      if (due === undefined) break;
      this.#now = Math.max(this.#now, due.at);
      this.#timers.delete(due);
      due.call();
    }
    this.#now = until;
  }
}
