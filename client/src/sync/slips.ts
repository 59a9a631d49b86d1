/**
 * What this device writes without a name on one board: keys, groups that wait, and when each goes out (PROTOCOL-80 to -83,
 * docs/decisions/0017). No I/O; time and chance are passed in. The twin of `server/tablecloth/replica/anonymous.py`.
 *
 * A *slip* is one act on one anonymous element: put it down, say its words otherwise, set it aside, bring it back. It becomes
 * edits only when it goes out, under a session and a hand of its own, alone. Nothing of it shows before it is in the log.
 *
 * Invariants: what was sent keeps its session, hand and edits until it is answered, so a repeat is harmless; what a lost
 * connection left unanswered waits anew, because what goes out the moment a device comes back tells whose it is.
 */

import { PREFIX } from '../core/anonymous.ts';
import type { Board, Element } from '../core/board.ts';
import type { AnyEdit } from '../core/edits.ts';
import { handKey } from '../core/text.ts';
import { ANONYMOUS_APART_S, ANONYMOUS_AWAY_S, ANONYMOUS_LEAST_S, ANONYMOUS_MOST_S } from '../wire/limits.ts';
import { editOut } from '../wire/edits.ts';
import type { EditFrame } from '../wire/types.ts';
import { authorOfKey, newId, newKey, newSession } from './identity.ts';
import { N_KEPT } from './outbox.ts';
import { topKeys } from './pile.ts';
import { type Beside, placeFor } from './placing.ts';
import { carried, changeOf, difference, inParts } from './words.ts';

const FIRST_BASE = 1;
/** The fold or the door may ask for it to be written anew, over what is there now. */
const ANEW: ReadonlySet<string> = new Set(['rebase', 'tells', 'repeat', 'hole', 'future-base']);

/** What a slip does to its element. `again`: as it was before the log lost it (PROTOCOL-10). */
export type Act =
  | { readonly kind: 'put'; readonly text: string; readonly beside: Beside; readonly answers: boolean }
  | { readonly kind: 'again'; readonly edits: readonly AnyEdit[] }
  | { readonly kind: 'words'; readonly from: string; readonly to: string }
  | { readonly kind: 'aside' }
  | { readonly kind: 'back' };

export interface Slip {
  readonly act: Act;
  session: string;
  hand: string;
  /** Fixed when it is first sent. */
  edits: readonly AnyEdit[] | null;
}

/** An anonymous element as this device keeps it: its key, and what is to be done to it yet, in order. */
export interface Own {
  readonly space: string;
  readonly board: string;
  readonly element: string;
  readonly key: string;
  slips: Slip[];
}

interface Flight {
  due: number;
  state: 'waiting' | 'sent';
  /** Acked: the seq of its last entry. */
  upTo: number | null;
}

/** A slip that was not taken and will not be. */
export interface Lost {
  readonly code: string;
  readonly element: string;
  readonly kept: string;
}

export class Slips {
  readonly #space: string;
  readonly #board: string;
  /** From 0 up to 1. */
  readonly #random: () => number;
  readonly #own = new Map<string, Own>();
  readonly #flights = new Map<Slip, Flight>();
  #isHere = false;
  #apartUntil = 0;
  /** What changed since this was last emptied, to be kept or forgotten on the device. */
  readonly touched = new Set<string>();

  constructor(space: string, board: string, random: () => number) {
    this.#space = space;
    this.#board = board;
    this.#random = random;
  }

  get own(): ReadonlyMap<string, Own> {
    return this.#own;
  }

  get isSettled(): boolean {
    return this.#flights.size === 0;
  }

  /** What the device kept. What is here already stays as it is. */
  load(kept: readonly Own[], now: number): void {
    for (const own of kept) {
      if (this.#own.has(own.element)) continue;
      this.#own.set(own.element, own);
      for (const slip of own.slips) this.#flights.set(slip, { due: this.#due(now), state: 'waiting', upTo: null });
    }
  }

  put(text: string, beside: Beside, answers: boolean, now: number): string {
    const key = newKey();
    const element = authorOfKey(this.#space, key).slice(PREFIX.length);
    this.#own.set(element, { space: this.#space, board: this.#board, element, key, slips: [] });
    this.add(element, { kind: 'put', text, beside, answers }, now);
    return element;
  }

  add(element: string, act: Act, now: number): void {
    const own = this.#own.get(element);
    if (own === undefined) return;
    const slip: Slip = { act, session: newSession(), hand: newId(), edits: null };
    own.slips.push(slip);
    this.#flights.set(slip, { due: this.#due(now), state: 'waiting', upTo: null });
    this.touched.add(element);
  }

  /** Whether it was called off before it was ever sent. An element that was never put down is forgotten with its key. */
  callOff(element: string): boolean {
    const own = this.#own.get(element);
    const [first] = own?.slips ?? [];
    if (own === undefined || first === undefined || first.edits !== null || first.act.kind !== 'put') return false;
    for (const slip of own.slips) this.#flights.delete(slip);
    this.#own.delete(element);
    this.touched.add(element);
    return true;
  }

  #due(now: number): number {
    const most = this.#isHere ? ANONYMOUS_MOST_S : ANONYMOUS_AWAY_S;
    return now + 1000 * (ANONYMOUS_LEAST_S + this.#random() * (most - ANONYMOUS_LEAST_S));
  }

  // ---- the connection ---------------------------------------------------------------------------------------------

  /** The board is open and folded up to its tip. A repeat is harmless. */
  connected(now: number): void {
    if (this.#isHere) return;
    for (const flight of this.#flights.values()) flight.due = this.#due(now);
    this.#isHere = true;
  }

  /** The connection is gone. A repeat is harmless. */
  lost(): void {
    this.#isHere = false;
    for (const flight of this.#flights.values()) flight.state = 'waiting';
  }

  /** The first slip of each element, if it waits for its time. */
  #ready(): { own: Own; slip: Slip; flight: Flight }[] {
    return [...this.#own.values()].flatMap((own) => {
      const [slip] = own.slips;
      const flight = slip === undefined ? undefined : this.#flights.get(slip);
      return slip === undefined || flight?.state !== 'waiting' ? [] : [{ own, slip, flight }];
    });
  }

  /** When `next` is to be asked again; null while nothing waits for its time. */
  nextDue(): number | null {
    const ready = this.#isHere ? this.#ready() : [];
    if (ready.length === 0) return null;
    return Math.max(this.#apartUntil, Math.min(...ready.map(({ flight }) => flight.due)));
  }

  /** The element whose slip is to go out now, if the time of one has come: never two at once. */
  next(now: number): string | null {
    const due = this.nextDue();
    if (due === null || due > now) return null;
    const [first] = this.#ready().sort((a, b) => a.flight.due - b.flight.due);
    return first?.own.element ?? null;
  }

  /** What is sent of an element's first slip; it is fixed from here on: keep it before it leaves. Null: nothing is left to do. */
  frameOf(element: string, board: Board, now: number): EditFrame | null {
    const own = this.#own.get(element);
    const [slip] = own?.slips ?? [];
    const flight = slip === undefined ? undefined : this.#flights.get(slip);
    if (own === undefined || slip === undefined || flight === undefined) return null;
    this.touched.add(element);
    slip.edits ??= stamped(this.#edits(own, slip.act, board), slip.hand, baseOf(board, element, slip.act));
    if (slip.edits.length === 0) {
      this.#done(own, slip);
      return null;
    }
    flight.state = 'sent';
    this.#apartUntil = now + this.#random() * ANONYMOUS_APART_S * 1000;
    const edits = slip.edits.map(editOut);
    return { t: 'edit', board: this.#board, n: 1, edits, session: slip.session, key: own.key };
  }

  #edits({ element: id }: Own, act: Act, board: Board): AnyEdit[] {
    const element = board.elements.get(id);
    const at = { element: id, hand: '', k: 0, base: 0 };
    switch (act.kind) {
      case 'put':
        return putting(board, id, act);
      case 'again':
        return [...act.edits];
      case 'words':
        return element === undefined ? [] : rewording(element, act.from, act.to);
      case 'aside':
        return element?.aside === null ? [{ kind: 'set-aside', ...at, why: '' }] : [];
      case 'back':
        return element?.aside == null ? [] : [{ kind: 'bring-back', ...at }];
    }
  }

  // ---- answers ----------------------------------------------------------------------------------------------------

  #of(session: string): { own: Own; slip: Slip; flight: Flight } | null {
    for (const own of this.#own.values()) {
      const slip = own.slips.find((one) => one.session === session);
      const flight = slip === undefined ? undefined : this.#flights.get(slip);
      if (slip !== undefined && flight !== undefined) return { own, slip, flight };
    }
    return null;
  }

  /** Whether an answer for this session is for one of these. */
  has(session: string): boolean {
    return this.#of(session) !== null;
  }

  acked(session: string, seq: number): void {
    const found = this.#of(session);
    if (found !== null) found.flight.upTo = seq + (found.slip.edits?.length ?? 1) - 1;
  }

  refused(session: string, code: string, now: number): Lost | null {
    const found = this.#of(session);
    if (found === null) return null;
    const { own, slip, flight } = found;
    if (N_KEPT.has(code)) {
      flight.state = 'waiting';
      flight.due = this.#due(now);
      return null;
    }
    if (ANEW.has(code)) {
      this.#anew(own, slip, now);
      return null;
    }
    this.#done(own, slip);
    const { act } = slip;
    return { code, element: own.element, kept: act.kind === 'put' ? act.text : act.kind === 'words' ? act.to : '' };
  }

  #anew(own: Own, slip: Slip, now: number): void {
    slip.session = newSession();
    slip.hand = newId();
    slip.edits = null;
    this.#flights.set(slip, { due: this.#due(now), state: 'waiting', upTo: null });
    this.touched.add(own.element);
  }

  #done(own: Own, slip: Slip): void {
    own.slips = own.slips.filter((one) => one !== slip);
    this.#flights.delete(slip);
    this.touched.add(own.element);
  }

  /** The board moved on: what it holds of these is done; what was acked and did nothing is said anew. */
  folded(board: Board, now: number): void {
    for (const own of this.#own.values()) {
      const [slip] = own.slips;
      const flight = slip === undefined ? undefined : this.#flights.get(slip);
      if (slip === undefined || flight === undefined || slip.edits === null) continue;
      const mark = board.elements.get(own.element)?.hands.get(handKey(authorOfKey(this.#space, own.key), slip.hand));
      if ((mark?.k ?? 0) >= slip.edits.length) this.#done(own, slip);
      else if (flight.upTo !== null && board.seq >= flight.upTo) this.#anew(own, slip, now);
    }
  }

  /** The log lost what came last (PROTOCOL-10): what of these it does not hold any more is put down anew, as it was. */
  rewound(before: Board, after: Board, now: number): void {
    for (const own of this.#own.values()) {
      const element = before.elements.get(own.element);
      if (element === undefined || after.elements.has(own.element) || own.slips.length > 0) continue;
      this.add(own.element, { kind: 'again', edits: asItWas(element) }, now);
    }
  }
}

/** PROTOCOL-82: the same on every device. */
function baseOf(board: Board, id: string, act: Act): number {
  const element = board.elements.get(id);
  if (element === undefined) return FIRST_BASE;
  const words = act.kind === 'words' ? element.texts.get('text') : undefined;
  return Math.max(element.born.seq, words === undefined ? 0 : (words.window.at(-1)?.seq ?? words.floor));
}

function stamped(edits: readonly AnyEdit[], hand: string, base: number): AnyEdit[] {
  return edits.map((edit, i) => ({ ...edit, hand, base, k: i + 1 }));
}

function putting(board: Board, id: string, act: Act & { kind: 'put' }): AnyEdit[] {
  const at = { element: id, hand: '', k: 0, base: 0 };
  const { x, y } = placeFor(board, act.beside);
  const values = new Map<string, number | string>([['x', x], ['y', y], ['order', topKeys(board, 1)[0] ?? 'a0']]);
  if (act.answers && act.beside !== null && board.elements.has(act.beside)) values.set('re', act.beside);
  const words = inParts(changeOf(0, 0, act.text)).map(({ splices, inserted }): AnyEdit => ({ kind: 'text', ...at, field: 'text', splices, inserted }));
  return [{ kind: 'add', ...at, type: 'note', values }, ...words];
}

/** From what its author had before them to what they made of it, over what others wrote since. */
function rewording(element: Element, from: string, to: string): AnyEdit[] {
  const at = { element: element.id, hand: '', k: 0, base: 0 };
  const change = carried(difference(from, to), difference(from, element.text()).op, true);
  return inParts(change).map(({ splices, inserted }) => ({ kind: 'text', ...at, field: 'text', splices, inserted }));
}

function asItWas(element: Element): AnyEdit[] {
  const at = { element: element.id, hand: '', k: 0, base: 0 };
  const edits: AnyEdit[] = [{ kind: 'add', ...at, type: element.type, values: new Map(element.props) }];
  for (const [field, { value }] of element.texts) {
    for (const { splices, inserted } of inParts(changeOf(0, 0, value))) edits.push({ kind: 'text', ...at, field, splices, inserted });
  }
  return edits;
}
