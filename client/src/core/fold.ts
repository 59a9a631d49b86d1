/**
 * `board = fold(entries)`: the one place where an entry changes a board. Rules: `schemas/FOLD.md`. Mirrors `core/fold.py`.
 *
 * The fold is total. It never throws and reads nothing but the board and the entry: what does not apply is a no-op with a
 * reason (one of `REASONS`), the same in Python and TypeScript. Seq, time and chain move on for every entry, applied or not.
 */

import { type Board, Element, type InkPiece, type Stamp } from './board.ts';
import { chainNext } from './chain.ts';
import {
  type AddHead,
  type AnyHead,
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
import { typeOf, valuesFit } from './elements.ts';
import { MAX_ELEMENTS, MAX_INK_POINTS, MAX_TEXT, STALE_MS } from './limits.ts';
import { advance, codePoints, handKey, insertedBy, PLACEHOLDER, TextField } from './text.ts';

export const REASONS = [
  'unreadable', // the head can't be read
  'founded', // a second founding entry, or one of another board
  'unfounded', // an entry before the founding one
  'repeat', // this hand's k was there already
  'hole', // this hand's k leaves one out
  'exists', // an element with this id is there already
  'unknown-element',
  'board-full',
  'bad-value', // a property that the type doesn't have, or a value that it doesn't take
  'aside', // the element lies in the margin
  'not-aside',
  'stale', // every property was changed by somebody since, long ago
  'no-such-field',
  'old-base', // made over words that are too old to rebase over
  'future-base',
  'out-of-range', // no splice fits
  'text-full',
  'ink-full',
  'not-yours',
  'locked', // somebody asked that it stays as it is for a while
  'not-locked',
] as const;

export type Reason = (typeof REASONS)[number];

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
  const [seq, at, bytes, body] = entry;
  if (seq !== board.seq + 1) throw new RangeError(`entry ${seq} does not follow ${board.seq}`);
  board.chain = chainNext(board.chain, seq, at, bytes);
  board.seq = seq;
  board.at = Math.max(board.at, at); // FOLD-7
  if (head === null) return refused('unreadable');
  return applyHead(board, seq, board.at, head, readContent(body));
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
  const element = board.elements.get(head.element);
  if (element === undefined) {
    return head.kind === 'add' ? add(board, seq, at, head) : refused('unknown-element');
  }
  const hand = handKey(head.author, head.hand);
  const last = element.hands.get(hand)?.k ?? 0;
  if (head.k !== last + 1) return refused(head.k <= last ? 'repeat' : 'hole'); // FOLD-4
  if (head.base >= seq) return refused('future-base'); // FOLD-5
  const stamp: Stamp = { seq, at, author: head.author };
  const change = applyKind(element, stamp, head, content);
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
  head: Exclude<AnyHead, FoundHead>,
  content: Content | null,
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
      return lock(element, stamp, head, content);
    case 'unlock':
      return unlock(element, stamp);
  }
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
  if (board.elements.size >= MAX_ELEMENTS) return refused('board-full');
  if (!valuesFit(head.type, head.values)) return refused('bad-value');
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
  if (head.values.size + head.words.length === 0 || head.values.has('order')) return false;
  const { words } = typeOf(element.type);
  return (
    valuesFit(element.type, head.values) &&
    head.words.every((name) => words.includes(name)) &&
    new Set(head.words).size === head.words.length
  );
}

function set(element: Element, stamp: Stamp, head: SetHead, content: Content | null): Change {
  if (!setFits(element, head)) return unchanged('bad-value');
  const reason = held(element, stamp.at);
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
  const field = (element.texts.get(head.field) ?? new TextField()).prune(stamp.seq, stamp.at);
  const rebased = field.rebase(head.author, head.hand, head.base, head.splices);
  if (rebased === 'old-base') return unchanged(rebased);
  if (rebased.ops.length === 0) return unchanged('out-of-range'); // FOLD-36
  let grown = 0;
  for (const op of rebased.ops) grown += insertedBy(op);
  if (grown > 0 && field.length + grown > MAX_TEXT) return unchanged('text-full'); // FOLD-38
  const { author, hand, base } = head;
  const words = keptWords(head, rebased.kept, content);
  const written = field.commit(stamp.seq, stamp.at, author, hand, base, rebased, words);
  return changed(element.with({ texts: new Map(element.texts).set(head.field, written) }));
}

/** The insertions of the splices that fit, joined; placeholders where the body is withheld (FOLD-37). */
function keptWords(head: TextHead, kept: readonly boolean[], content: Content | null): string {
  let total = 0;
  for (const splice of head.splices) total += splice[2];
  const isThere = typeof content === 'string' && codePoints(content) === total;
  const words = isThere ? content : PLACEHOLDER.repeat(total);
  if (kept.every(Boolean)) return words;
  let out = '';
  let at = 0;
  head.splices.forEach((splice, i) => {
    const end = advance(words, at, splice[2]);
    if (kept[i] === true) out += words.slice(at, end);
    at = end;
  });
  return out;
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

function lock(element: Element, stamp: Stamp, head: LockHead, content: Content | null): Change {
  // FOLD-52
  if (element.aside !== null) return unchanged('aside');
  const why = head.body === null ? '' : typeof content === 'string' ? content : null;
  const until = Math.min(stamp.at + head.minutes * 60_000, Number.MAX_SAFE_INTEGER);
  return changed(element.with({ lock: { stamp, until, why } }));
}

function unlock(element: Element, stamp: Stamp): Change {
  // FOLD-54
  if (!element.isLocked(stamp.at)) return unchanged('not-locked');
  return changed(element.with({ lock: null }));
}
