/**
 * What the room decided, on a board: rulings, and elements as they were (FOLD-120 to FOLD-127). Mirrors `core/rulings.py`.
 *
 * A ruling is idempotent by its proposal: workers may append it again after a crash, and the fold takes it once.
 */

import { BOARD_NUMBERS, numbersFit } from './agreement.ts';
import type { Aside, Board, Element, Stamp } from './board.ts';
import type { Content } from './edits.ts';
import { typeOf, valuesFit } from './elements.ts';
import type { Reason } from './reasons.ts';
import type { RestoredHead, RulingHead } from './room-kinds.ts';
import { write } from './writing.ts';

/** The body's list, if it has as many items as the head asks for. */
function listed(content: Content | null, count: number): readonly string[] | null {
  return Array.isArray(content) && content.length === count ? (content as readonly string[]) : null;
}

/** A decision reaches this board (FOLD-120). */
export function applyRuling(
  board: Board,
  seq: number,
  at: number,
  head: RulingHead,
  content: Content | null,
): Reason | null {
  if (board.board === board.space) return 'wrong-board';
  if (board.decisions.rulings.has(head.proposal)) return 'repeat';
  if (!rulingFits(head)) return 'bad-value';
  const stamp: Stamp = { seq, at, author: head.author };
  const rulings = new Map(board.decisions.rulings).set(head.proposal, { act: head.act, stamp });
  board.decisions = board.decisions.with({ rulings });
  carryOut(board, stamp, head, listed(content, head.words.length + 1));
  return null;
}

function carryOut(board: Board, stamp: Stamp, head: RulingHead, said: readonly string[] | null): void {
  const known = board.decisions;
  switch (head.act) {
    case 'close':
      board.decisions = known.with({ closed: stamp });
      return;
    case 'reopen':
      board.decisions = known.with({ closed: null });
      return;
    case 'pause':
      board.decisions = known.withPause(head.about, Number(head.values.get('until')), stamp.at);
      return;
    case 'clear':
      clear(board, head.elements, { stamp, why: said?.[0] ?? null });
      return;
    case 'agreement': {
      const numbers = new Map(known.numbers);
      for (const [name, value] of head.values) if (typeof value === 'number') numbers.set(name, value);
      board.decisions = known.with({ numbers });
      return;
    }
    case 'rename':
      board.title = said?.[1] ?? null;
      return;
    case 'removeimage':
      board.decisions = known.with({ removed: new Map(known.removed).set(head.about, head.proposal) });
      return;
    default: // restore: its entries stand before it
  }
}

function rulingFits(head: RulingHead): boolean {
  switch (head.act) {
    case 'pause':
      return typeof head.values.get('until') === 'number';
    case 'agreement':
      return numbersFit(head.values) && [...head.values.keys()].every((name) => BOARD_NUMBERS.includes(name));
    case 'rename':
      return head.words.length === 1 && head.words[0] === 'title';
    case 'close':
    case 'reopen':
    case 'clear':
    case 'removeimage':
    case 'restore':
      return true;
    default:
      return false;
  }
}

function clear(board: Board, elements: readonly string[], aside: Aside): void {
  // FOLD-123: the room's word stands above a lock; what lies in the margin already stays there as it is.
  for (const id of elements) {
    const element = board.elements.get(id);
    if (element !== undefined && element.aside === null) board.elements.set(id, element.with({ aside }));
  }
}

/** One element as it was (FOLD-127). Words that others wrote since `base` stay, as in every text entry. */
export function applyRestored(
  board: Board,
  seq: number,
  at: number,
  head: RestoredHead,
  content: Content | null,
): Reason | null {
  if (board.board === board.space) return 'wrong-board';
  if (board.decisions.rulings.has(head.proposal)) return 'repeat';
  const element = board.elements.get(head.element);
  if (element === undefined) return 'unknown-element';
  if (head.base >= seq) return 'future-base';
  if (!restoredFits(element, head)) return 'bad-value';
  const stamp: Stamp = { seq, at, author: head.author };
  board.elements.set(element.id, restored(element, stamp, head, listed(content, head.words.length + 2)));
  return null;
}

function restoredFits(element: Element, head: RestoredHead): boolean {
  const { words, fields } = typeOf(element.type);
  return (
    valuesFit(element.type, head.values) &&
    head.words.every((name) => words.includes(name)) &&
    new Set(head.words).size === head.words.length &&
    (head.splices.length === 0 || fields.length > 0)
  );
}

function restored(element: Element, stamp: Stamp, head: RestoredHead, said: readonly string[] | null): Element {
  let aside = element.aside;
  if (head.place !== 0) aside = head.place === 1 ? { stamp, why: said?.[0] ?? null } : null;
  const props = new Map(element.props);
  const words = new Map(element.words);
  const stamps = new Map(element.stamps);
  for (const [name, value] of head.values) {
    props.set(name, value);
    stamps.set(name, stamp);
  }
  head.words.forEach((name, place) => {
    words.set(name, said?.[place + 1] ?? null);
    stamps.set(name, stamp);
  });
  const changed = element.with({ aside, props, words, stamps });
  const [field] = typeOf(element.type).fields;
  if (head.splices.length === 0 || field === undefined) return changed;
  const { base, splices } = head;
  const written = write(changed, stamp, { hand: head.proposal, base, field, splices }, said?.at(-1) ?? null);
  return typeof written === 'string' ? changed : written;
}
