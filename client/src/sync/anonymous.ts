/**
 * Notes without a name on one open board: `Slips` with a clock, the device's store and the connection.
 *
 * A slip is on the device, as it will be said, before it leaves. It is read again from there first: another tab of the same
 * device may have called it off meanwhile.
 */

import { type Board, newBoard } from '../core/board.ts';
import { fittingWords } from '../core/rules.ts';
import { codePoints } from '../core/text.ts';
import type { Ack, Refuse } from '../wire/types.ts';
import type { Host } from './host.ts';
import type { AnonymousNotes, WaitingNote } from './interface.ts';
import type { Beside } from './placing.ts';
import { Slips } from './slips.ts';

/** So that a note without a name is one message, and one edit of words. */
export const MAX_ANONYMOUS_WORDS = 5_000;

export class Anonymous implements AnonymousNotes {
  /** A note was written: undo reaches it. */
  onPut: (element: string) => void = () => undefined;
  readonly #host: Host;
  readonly #board: string;
  readonly #confirmed: () => Board;
  readonly #isCurrent: () => boolean;
  readonly #changed: () => void;
  readonly #slips: Slips;
  /** The board as it was when it was last up to date. */
  #before: Board;
  #writing: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => undefined;
  #isSending = false;

  constructor(board: string, host: Host, confirmed: () => Board, isCurrent: () => boolean, changed: () => void) {
    this.#board = board;
    this.#host = host;
    this.#confirmed = confirmed;
    this.#isCurrent = isCurrent;
    this.#changed = changed;
    this.#before = newBoard(host.space, board);
    this.#slips = new Slips(host.space, board, () => host.timers.random());
  }

  async load(): Promise<void> {
    this.#slips.load(await this.#host.store.anonymous(this.#host.space, this.#board), this.#host.timers.now());
    this.#changed();
  }

  // ---- what the screens see ---------------------------------------------------------------------------------------

  get waiting(): readonly WaitingNote[] {
    return [...this.#slips.own.values()].flatMap(({ element, slips: [slip] }): WaitingNote[] => {
      if (slip === undefined) return [];
      const { act } = slip;
      const text = act.kind === 'put' ? act.text : act.kind === 'words' ? act.to : (this.#confirmed().elements.get(element)?.text() ?? '');
      return [{ element, text, kind: act.kind, canCallOff: act.kind === 'put' && slip.edits === null }];
    });
  }

  isMine(element: string): boolean {
    return this.#slips.own.has(element);
  }

  put(text: string, beside: Beside = null, answers = false): string | null {
    const words = fitting(text);
    if (words === '' || !this.#host.mayEdit) return null;
    const element = this.#slips.put(words, beside, answers, this.#now());
    this.onPut(element);
    this.#step();
    return element;
  }

  reword(element: string, from: string, to: string): void {
    const words = fitting(to);
    if (words !== from) this.#act(element, { kind: 'words', from, to: words });
  }

  takeAway(element: string): void {
    if (this.#slips.callOff(element)) this.#step();
    else this.#act(element, { kind: 'aside' });
  }

  bringBack(element: string): void {
    this.#act(element, { kind: 'back' });
  }

  #act(element: string, act: Parameters<Slips['add']>[1]): void {
    if (!this.#host.mayEdit) return;
    this.#slips.add(element, act, this.#now());
    this.#step();
  }

  // ---- what happens -----------------------------------------------------------------------------------------------

  get isSettled(): boolean {
    return this.#slips.isSettled;
  }

  #now(): number {
    return this.#host.timers.now();
  }

  /** Whether an answer is for these; then it was taken. */
  take(frame: Ack | Refuse): boolean {
    const { session } = frame;
    if (session == null || !this.#slips.has(session)) return false;
    if (frame.t === 'ack') for (const [, seq] of frame.acks) this.#slips.acked(session, seq);
    else {
      const lost = this.#slips.refused(session, frame.code, this.#now());
      if (lost !== null) this.#host.tell({ ...lost, code: `told.${lost.code}` });
    }
    this.step();
    return true;
  }

  /** To be called after every step of the board. */
  step(): void {
    const board = this.#confirmed();
    if (this.#isCurrent()) {
      if (board !== this.#before) this.#slips.rewound(this.#before, board, this.#now());
      this.#before = board;
      this.#slips.folded(board, this.#now());
      this.#slips.connected(this.#now());
    } else this.#slips.lost();
    this.#step();
  }

  #step(): void {
    this.#keep();
    this.#stopTimer();
    const due = this.#isCurrent() && this.#host.epoch !== null && this.#host.mayEdit ? this.#slips.nextDue() : null;
    if (due !== null) this.#stopTimer = this.#host.timers.after(Math.max(0, due - this.#now()), () => void this.#send());
  }

  /** Keep on the device what changed. */
  #keep(): void {
    const touched = [...this.#slips.touched];
    this.#slips.touched.clear();
    if (touched.length === 0) return;
    const { store, space } = this.#host;
    for (const element of touched) {
      const own = this.#slips.own.get(element);
      const kept = own === undefined ? null : structuredClone(own);
      const write = (): Promise<void> =>
        kept === null ? store.forgetAnonymous(space, this.#board, element) : store.keepAnonymous(kept);
      this.#writing = this.#writing.then(write).catch(() => this.#host.cannotKeep());
    }
    this.#changed();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      const element = this.#slips.next(this.#now());
      if (element === null || !(await this.#isStillWanted(element))) return;
      const { epoch } = this.#host;
      if (epoch === null || !this.#isCurrent()) return;
      const frame = this.#slips.frameOf(element, this.#confirmed(), this.#now());
      this.#keep();
      await this.#writing;
      if (frame !== null && this.#host.epoch === epoch && this.#isCurrent()) this.#host.send(frame);
    } finally {
      this.#isSending = false;
      this.#step();
    }
  }

  /** Whether another tab has not called it off. Where the device keeps nothing there is no other. */
  async #isStillWanted(element: string): Promise<boolean> {
    await this.#writing;
    const { store, space } = this.#host;
    const kept = await store.anonymous(space, this.#board).catch(() => null);
    if (kept === null || !store.isLasting || kept.some((own) => own.element === element)) return true;
    this.#slips.callOff(element);
    return false;
  }

  /** No more timers. */
  stop(): void {
    this.#stopTimer();
  }
}

function fitting(text: string): string {
  const words = fittingWords(text).trim();
  return codePoints(words) <= MAX_ANONYMOUS_WORDS ? words : [...words].slice(0, MAX_ANONYMOUS_WORDS).join('');
}
