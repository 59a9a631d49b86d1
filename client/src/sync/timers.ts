/** Time, timers and chance for `sync/`: the browser's, or a test's that stand still until they are moved. */

export interface Timers {
  /** ms of a steady clock. */
  now(): number;
  /** ms since 1970, the same for all tabs of a device. */
  date(): number;
  /** Calls back once after so many ms. Answers what calls it off. */
  after(ms: number, call: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
}

export const browserTimers: Timers = {
  now: () => performance.now(),
  date: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
