/**
 * `board = fold(entries)`: the one place where an entry changes a board. Rules: `schemas/FOLD.md`. Mirrors `core/fold.py`.
 *
 * The fold is total. It never throws and reads nothing but the board and the entry: what does not apply is a no-op with a
 * reason (one of `REASONS`), the same in Python and TypeScript. Seq, time and chain move on for every entry, applied or not.
 */

import { isAnonymous, mayWrite } from './anonymous.ts';
import { type Board, Element, type InkPiece, type Stamp } from './board.ts';
import { chainNext } from './chain.ts';
import { passTime } from './deadlines.ts';
import {
  type AddHead,
  type AnyHead,
  type BoardHead,
  type Content,
  type Entry,
  type FoundHead,
  type InkHead,
  type LockHead,
  type OrderHead,
  readContent,
  readHead,
  type SetAsideHead,
  type SetHead,
  type TextHead,
} from './edits.ts';
import { FIXED, typeOf, valuesFit } from './elements.ts';
import { MAX_ELEMENTS, MAX_INK_POINTS, STALE_MS } from './limits.ts';
import { applyRoll, applySaid, applyTick } from './proposals.ts';
import type { Reason } from './reasons.ts';
import { isProposalHead, isWorkersHead, type ProposalHead, type WorkersHead } from './room-kinds.ts';
import { applyRestored, applyRuling } from './rulings.ts';
import { handKey } from './text.ts';
import { write } from './writing.ts';
import { accept, copyFits, unvary, vary, wordsKept } from './whose.ts';
import { withdraw } from './withdraw.ts';

export { REASONS, type Reason } from './reasons.ts';

/** What an entry did: `reason` is null if it was applied; `stale` names the properties of a set that were not. */
export interface Outcome {
  readonly reason: Reason | null;
  readonly stale: readonly string[];
}

/** What a rule answers: the element as it now is (null: unchanged) and the outcome. */
interface Change {
  readonly element: Element | null;
  readonly outcome: Outcome;
}

export const APPLIED: Outcome = { reason: null, stale: [] };

function refused(reason: Reason): Outcome {
  return { reason, stale: [] };
}

function unchanged(reason: Reason): Change {
  return { element: null, outcome: refused(reason) };
}

function changed(element: Element): Change {
  return { element, outcome: APPLIED };
}

/**
 * Fold one entry into `board`. The entry must be the next one: its seq is `board.seq + 1`.
 *
 * Calling it with any other seq is the caller's mistake and throws RangeError; nothing that a log holds does.
 */
export function applyEntry(board: Board, entry: Entry): Outcome {
  return applyRead(board, entry, readHead(entry[2]));
}

/** The same for a caller that needs the head too: `head` is what `readHead` made of the entry's. */
export function applyRead(board: Board, entry: Entry, head: AnyHead | null): Outcome {
  return applyKnown(board, entry, head, readContent(entry[3]));
}

/** The same for a caller that knows the content too, as `readContent` would read it. */
export function applyKnown(board: Board, entry: Entry, head: AnyHead | null, content: Content | null): Outcome {
  const [seq, at, bytes] = entry;
  if (seq !== board.seq + 1) throw new RangeError(`entry ${seq} does not follow ${board.seq}`);
  board.chain = chainNext(board.chain, seq, at, bytes);
  board.seq = seq;
  if (at > board.at) {
    // FOLD-7
    if (board.decisions.proposals.size > 0) passTime(board, board.at, at, seq); // FOLD-109
    board.at = at;
  }
  if (head === null) return refused('unreadable');
  return applyHead(board, seq, board.at, head, content);
}

/** The rules, on a head that was read. Pending edits are folded through here too, at the board's own last `at`. */
export function applyHead(
  board: Board,
  seq: number,
  at: number,
  head: AnyHead,
  content: Content | null,
): Outcome {
  if (head.kind === 'found') return found(board, seq, head, content);
  if (seq === 1) return refused('unfounded');
  if (isWorkersHead(head) || isProposalHead(head)) {
    const reason = ofTheRoom(board, seq, at, head, content);
    return reason === null ? APPLIED : refused(reason);
  }
  return onTheBoard(board, seq, at, head, content);
}

/** What the room says and decides: rules of their own (FOLD-100 to FOLD-127). */
function ofTheRoom(
  board: Board,
  seq: number,
  at: number,
  head: ProposalHead | WorkersHead,
  content: Content | null,
): Reason | null {
  switch (head.kind) {
    case 'roll':
      return applyRoll(board, seq, at, head);
    case 'tick':
      return applyTick(board, seq, head);
    case 'ruling':
      return applyRuling(board, seq, at, head, content);
    case 'key':
      board.key = head.key; // FOLD-132
      return null;
    case 'restored':
      return applyRestored(board, seq, at, head, content);
    default:
      if (board.board === board.space && isAnonymous(head.author)) return 'not-yours'; // FOLD-141
      return applySaid(board, seq, at, head, content);
  }
}

function onTheBoard(board: Board, seq: number, at: number, head: BoardHead, content: Content | null): Outcome {
  if (board.board === board.space) return refused('wrong-board'); // FOLD-100
  if (!mayWrite(head.author, head.element)) return refused('not-yours'); // FOLD-141
  const element = board.elements.get(head.element);
  if (element === undefined) {
    return head.kind === 'add' ? add(board, seq, at, head) : refused('unknown-element');
  }
  const hand = handKey(head.author, head.hand);
  const last = element.hands.get(hand)?.k ?? 0;
  if (head.k !== last + 1) return refused(head.k <= last ? 'repeat' : 'hole'); // FOLD-4
  if (head.base >= seq) return refused('future-base'); // FOLD-5
  const stamp: Stamp = { seq, at, author: head.author };
  // FOLD-121, FOLD-122; FOLD-90: one's own words are taken back whatever the room decided
  const byTheRoom = head.kind === 'withdraw' ? null : board.decisions.held(head.author, at);
  const change =
    byTheRoom === null
      ? applyKind(element, stamp, head, content, board.decisions.number('lock'))
      : unchanged(byTheRoom);
  // FOLD-35: words that were not applied don't use up their k
  if (head.kind === 'text' && change.outcome.reason !== null) return change.outcome;
  const hands = new Map(element.hands);
  hands.set(hand, { author: head.author, hand: head.hand, k: head.k });
  board.elements.set(element.id, (change.element ?? element).with({ hands }));
  return change.outcome;
}

function applyKind(
  element: Element,
  stamp: Stamp,
  head: BoardHead,
  content: Content | null,
  longestLock: number,
): Change {
  switch (head.kind) {
    case 'add':
      return unchanged('exists');
    case 'set':
      return set(element, stamp, head, content);
    case 'text':
      return text(element, stamp, head, content);
    case 'ink':
      return ink(element, head, content);
    case 'set-aside':
      return setAside(element, stamp, head, content);
    case 'bring-back':
      return bringBack(element);
    case 'order':
      return order(element, stamp, head);
    case 'lock':
      return lock(element, stamp, head, content, longestLock);
    case 'unlock':
      return unlock(element, stamp);
    case 'vary':
      return told(vary(element, stamp, head, content));
    case 'unvary':
      return told(unvary(element, head));
    case 'accept':
      return told(accept(element, stamp, head));
    case 'withdraw':
      return told(withdraw(element, stamp, head));
  }
}

function told(answer: Element | Reason): Change {
  return typeof answer === 'string' ? unchanged(answer) : changed(answer);
}

function found(board: Board, seq: number, head: FoundHead, content: Content | null): Outcome {
  // FOLD-3
  if (seq !== 1 || head.space !== board.space || head.board !== board.board) return refused('founded');
  board.key = head.key;
  board.version = head.version;
  board.title = typeof content === 'string' ? content : null;
  return APPLIED;
}

function add(board: Board, seq: number, at: number, head: AddHead): Outcome {
  // FOLD-11
  if (head.k !== 1) return refused('hole');
  if (head.base >= seq) return refused('future-base');
  const byTheRoom = board.decisions.held(head.author, at);
  if (byTheRoom !== null) return refused(byTheRoom);
  if (board.elements.size >= MAX_ELEMENTS) return refused('board-full');
  if (!valuesFit(head.type, head.values) || !copyFits(board, head.values)) return refused('bad-value');
  const mark = { author: head.author, hand: head.hand, k: 1 };
  const state = { props: head.values, hands: new Map([[handKey(head.author, head.hand), mark]]) };
  const born: Stamp = { seq, at, author: head.author };
  board.elements.set(head.element, new Element(head.element, head.type, born, state));
  return APPLIED;
}

function isStale(element: Element, name: string, stamp: Stamp, base: number): boolean {
  // FOLD-21
  const last = element.stamp(name);
  return last.author !== stamp.author && last.seq > base && stamp.at - last.at > STALE_MS;
}

/** What keeps an element as it is at `at`: the margin (FOLD-23), or a lock, its own locker too (FOLD-53). */
export function held(element: Element, at: number): 'aside' | 'locked' | null {
  if (element.aside !== null) return 'aside';
  return element.isLocked(at) ? 'locked' : null;
}

function setFits(element: Element, head: SetHead): boolean {
  // FOLD-20
  if (head.values.size + head.words.length === 0 || FIXED.some((name) => head.values.has(name))) return false;
  const { words } = typeOf(element.type);
  return (
    valuesFit(element.type, head.values) &&
    head.words.every((name) => words.includes(name)) &&
    new Set(head.words).size === head.words.length
  );
}

function set(element: Element, stamp: Stamp, head: SetHead, content: Content | null): Change {
  if (!setFits(element, head)) return unchanged('bad-value');
  if (head.values.has('whose') && element.born.author !== head.author) return unchanged('not-yours'); // FOLD-80
  const reason = (head.words.length > 0 ? wordsKept(element, head.author) : null) ?? held(element, stamp.at);
  if (reason !== null) return unchanged(reason);
  const names = [...head.values.keys(), ...head.words];
  const stale = names.filter((name) => isStale(element, name, stamp, head.base)).sort();
  const outcome: Outcome = { reason: stale.length === names.length ? 'stale' : null, stale };
  if (outcome.reason !== null) return { element: null, outcome };
  const props = new Map(element.props);
  const words = new Map(element.words);
  const stamps = new Map(element.stamps);
  for (const [name, value] of head.values) {
    if (stale.includes(name)) continue;
    props.set(name, value);
    stamps.set(name, stamp);
  }
  const isWritten = Array.isArray(content) && content.length === head.words.length;
  head.words.forEach((name, i) => {
    if (stale.includes(name)) return;
    words.set(name, isWritten ? (content[i] as string) : null);
    stamps.set(name, stamp);
  });
  return { element: element.with({ props, words, stamps }), outcome };
}

function order(element: Element, stamp: Stamp, head: OrderHead): Change {
  // FOLD-51
  const reason = held(element, stamp.at);
  if (reason !== null) return unchanged(reason);
  if (isStale(element, 'order', stamp, head.base)) {
    return { element: null, outcome: { reason: 'stale', stale: ['order'] } };
  }
  const props = new Map(element.props).set('order', head.key);
  const stamps = new Map(element.stamps).set('order', stamp);
  return changed(element.with({ props, stamps }));
}

function text(element: Element, stamp: Stamp, head: TextHead, content: Content | null): Change {
  if (!typeOf(element.type).fields.includes(head.field)) return unchanged('no-such-field');
  const kept = wordsKept(element, head.author);
  if (kept !== null) return unchanged(kept);
  const written = write(element, stamp, head, typeof content === 'string' ? content : null);
  return typeof written === 'string' ? unchanged(written) : changed(written);
}

function ink(element: Element, head: InkHead, content: Content | null): Change {
  // FOLD-41
  if (!typeOf(element.type).hasInk) return unchanged('no-such-field');
  if (element.born.author !== head.author) return unchanged('not-yours');
  if (element.inkCount() + head.count > MAX_INK_POINTS) return unchanged('ink-full');
  const points = content instanceof Uint8Array ? content : null;
  const piece: InkPiece = { count: head.count, points };
  return changed(element.with({ ink: [...element.ink, piece] }));
}

function setAside(element: Element, stamp: Stamp, head: SetAsideHead, content: Content | null): Change {
  // FOLD-60
  const reason = held(element, stamp.at);
  if (reason !== null) return unchanged(reason);
  const why = head.body === null ? '' : typeof content === 'string' ? content : null;
  return changed(element.with({ aside: { stamp, why } }));
}

function bringBack(element: Element): Change {
  // FOLD-61
  if (element.aside === null) return unchanged('not-aside');
  return changed(element.with({ aside: null }));
}

function lock(element: Element, stamp: Stamp, head: LockHead, content: Content | null, longest: number): Change {
  // FOLD-52, FOLD-126
  if (element.aside !== null) return unchanged('aside');
  const why = head.body === null ? '' : typeof content === 'string' ? content : null;
  const until = Math.min(stamp.at + Math.min(head.minutes, longest) * 60_000, Number.MAX_SAFE_INTEGER);
  return changed(element.with({ lock: { stamp, until, why } }));
}

function unlock(element: Element, stamp: Stamp): Change {
  // FOLD-54
  if (!element.isLocked(stamp.at)) return unchanged('not-locked');
  return changed(element.with({ lock: null }));
}
