/**
 * One board as this tab holds it: what is folded, what is pending, and how a log that moves on changes both. No I/O; its clock
 * is passed in.
 * The twin of `server/tablecloth/replica/board.py`.
 *
 * What comes from the server goes in through `fold`, `acked`, `refused`, `opened` and `begin`; what is to be sent comes out of
 * `sendable`; what the device must keep, what the screens must draw and what a person must hear comes out of `take`.
 *
 * Invariants:
 * - `confirmed` is the fold of the log up to `confirmed.seq`, and nothing else; each entry's chain is computed.
 * - A pending edit is dropped once its own entry is folded, not at the ack, and known by element, hand and k (FOLD-4).
 * - Hands are random per session and element.
 * - `view` is `confirmed` with everything pending on it, always.
 */

import { type Board, newBoard } from '../core/board.ts';
import { bodyHash } from '../core/chain.ts';
import { type AnyEdit, type AnyHead, type Content, type Entry, isMadeByHand, readContent, readHead, touchedBy } from '../core/edits.ts';
import { applyKnown, type Outcome } from '../core/fold.ts';
import { type Applied, handKey, type Op, transform } from '../core/text.ts';
import { Between, guess, settleUnseen } from './anew.ts';
import { Carets } from './carets.ts';
import { type Draft, Hands } from './drafts.ts';
import { History, type Past } from './history.ts';
import type { Told } from './interface.ts';
import { type MissedDraft, missedOf } from './missed.ts';
import { isWords, Items } from './items.ts';
import { fieldKey, Journal } from './journal.ts';
import { type Kept, Lanes, MAKES } from './lanes.ts';
import type { Group, Item, Point } from './outbox.ts';
import { Owed } from './owed.ts';
import { Seeking } from './seeking.ts';
import { REWRITTEN, toldOf } from './telling.ts';
import { Undo } from './undo.ts';
import { View } from './view.ts';
import { type Change, changeByOps, difference, inParts, inverseOp, NOTHING } from './words.ts';

/** What happened since the last `take`. `put`, `gone`: groups to keep on the device, and groups that are done with. */
export interface Happened extends Kept {
  readonly changed: Set<string>;
  isReset: boolean;
  readonly told: Told[];
  readonly missed: MissedDraft[];
  /** Entries whose bodies are not what their heads say (PROTOCOL-61). */
  readonly altered: number[];
  /** Somebody withdrew words that may still lie on this device. */
  isWithdrawn: boolean;
}

/** Which field an entry may have changed the words of, as [element, field]. */
function fieldOf(head: AnyHead | null): [string, string] | null {
  return head?.kind === 'text' || head?.kind === 'accept' ? [head.element, head.field] : null;
}

function nothingYet(): Happened {
  const lists = { told: [], missed: [], altered: [] };
  return { changed: new Set(), isReset: false, ...lists, isWithdrawn: false, put: new Set(), gone: new Set() };
}

/** Words in one edit that may still grow; beyond it the next one begins. */
const MAX_OPEN_WORDS = 2000;

export class Replica {
  readonly author: string;
  readonly undo: Undo;
  readonly carets: Carets;
  readonly lanes: Lanes;
  confirmed: Board;
  readonly #journal = new Journal();
  readonly #items: Items;
  readonly #view: View;
  readonly #hands: Hands;
  #history: History;
  readonly #owed = new Owed();
  /** What the entry that is being folded is owed: deletions over the field as it is now. */
  #due: { readonly element: string; readonly field: string; readonly op: Op }[] = [];
  #rank: number;
  #hasUnplaced = false;
  #isQuiet = false;
  #happened = nothingYet();

  /** `clock`: the log's, in ms, as well as it is known. `firstRank`: groups are numbered on this device from here on, no two tabs alike. */
  constructor(
    space: string,
    board: string,
    author: string,
    session: string,
    newId: () => string,
    firstRank: number,
    clock: () => number = () => 0,
  ) {
    this.#rank = firstRank;
    this.author = author;
    this.confirmed = newBoard(space, board);
    this.#hands = new Hands(newId);
    this.undo = new Undo(author);
    this.#items = new Items(author, (element, field, op) => this.#wordsChanged(element, field, op));
    this.#view = new View(this.confirmed, author, this.#items, clock);
    this.lanes = new Lanes(author, session, this.#items, () => this.#happened);
    this.carets = new Carets(this, this.#items, this.#journal);
    this.#history = new History(this.confirmed);
  }

  get view(): Board {
    return this.#view.board;
  }

  /** Whether words are pending: then the tail is needed, because they can't be carried over a bare snapshot. */
  get hasWords(): boolean {
    return this.lanes.groups.some((group) => group.items.some(isWords));
  }

  /** Whether this board is a state that was folded here, so that all that came after it is known. */
  knows({ seq, chain }: Board): boolean {
    return this.#history.has(seq, chain);
  }

  /** This device's chain after an entry, or null if that isn't known any more. */
  chainAt(seq: number): Uint8Array | null {
    return this.#history.chainAt(seq);
  }

  /** Look for the last place where the log is what it was here; `from` a board that was here once, or from the beginning. */
  seek(from?: Board): Seeking {
    return new Seeking(from ?? newBoard(this.confirmed.space, this.confirmed.board), this.#history, from !== undefined);
  }

  /** What happened since the last call; each thing is given out once. */
  take(): Happened {
    const happened = this.#happened;
    this.#happened = nothingYet();
    this.#view.update(this.#items.left);
    for (const element of this.#items.left) happened.changed.add(element);
    this.#items.left.clear();
    this.#keepChains(happened.put);
    return happened;
  }

  /** What stands behind words that are kept anew is kept anew too: no item may be kept as of before those it builds on. */
  #keepChains(put: Set<Group>): void {
    for (const group of put) {
      for (const item of group.items) {
        if (!isWords(item) || item.waitsFor !== null) continue;
        const words = this.#items.words(item.edit.element, item.edit.field);
        // A set goes on through what is added to it on the way.
        for (const later of words.slice(words.indexOf(item) + 1)) {
          const behind = this.#items.groupOf(later);
          if (behind !== undefined) put.add(behind);
        }
      }
    }
  }

  // ---- writing ----------------------------------------------------------------------------------------------------

  /** Make a pending group; it shows in `view` at once. */
  submit(drafts: readonly Draft[]): void {
    const items = drafts.map((draft) => this.#hands.item(draft, this.confirmed.seq));
    const { session } = this.lanes.own;
    const group: Group = { rank: this.#rank, session, n: null, state: 'new', items, size: 0, unfolded: 0 };
    this.#rank += 1;
    this.lanes.own.add(group);
    for (const item of items) {
      this.#items.add(item, group);
      this.#view.show(item);
      if (isWords(item)) this.#journal.note(item.edit.element, item.edit.field, item.change.op);
      this.#happened.changed.add(item.edit.element);
    }
    this.#happened.put.add(group);
  }

  /** Words that continue the last, unsent edit of their field become part of it. False: they need a group of their own. */
  extend(element: string, field: string, change: Change): boolean {
    const group = this.lanes.own.last;
    const [item] = group?.items ?? [];
    if (group?.state !== 'new' || group.items.length !== 1 || item === undefined || !isWords(item)) return false;
    if (item !== this.#items.of(element).at(-1) || item.edit.field !== field) return false;
    const whole = changeByOps([item.change.op, change.op], item.change.words + change.words);
    if (inParts(whole).length !== 1 || whole.words.length > MAX_OPEN_WORDS) return false;
    item.change = whole;
    this.#view.extend(element, field, change);
    this.#journal.note(element, field, change.op);
    this.#happened.changed.add(element);
    this.#happened.put.add(group);
    return true;
  }

  // ---- the door's answers -----------------------------------------------------------------------------------------

  acked(session: string, n: number, seq: number): void {
    const group = this.lanes.of(session)?.acked(n);
    if (group == null) return;
    this.#happened.put.add(group);
    for (const item of group.items) this.#happened.changed.add(item.edit.element);
    // Folded unseen, behind a snapshot: what the board does not hold of it was a no-op there.
    if (seq + group.size - 1 <= this.confirmed.seq) group.state = 'stale';
  }

  refused(session: string, n: number, code: string): void {
    const group = this.lanes.of(session)?.refused(n, code);
    if (group == null) return;
    // The log may have it already, from an earlier life of this very group.
    this.#tell(code, group.items.filter((item) => !this.#isHeld(item.edit)));
    for (const item of [...group.items].reverse()) this.#keepAgain(this.#items.drop(item));
    this.lanes.remove(group);
  }

  /** `stale`: of a `set` only these properties did not apply. */
  #tell(code: string, items: readonly Item[], stale: readonly string[] | null = null): void {
    const called = (id: string): string => (this.confirmed.elements.get(id) ?? this.view.elements.get(id))?.text() ?? '';
    const missed = missedOf(code, items, stale, called);
    this.#happened.missed.push(...missed);
    const told = toldOf(code, items);
    this.#happened.told.push(...(missed.length > 0 ? told.map((one) => ({ ...one, isListed: true as const })) : told));
  }

  // ---- folding ----------------------------------------------------------------------------------------------------

  /** Fold entries that came. What is folded already is passed over. False: one is missing; open the board anew. */
  fold(entries: readonly Entry[]): boolean {
    const touched = new Set<string>();
    let isWhole = true;
    for (const entry of entries) {
      if (entry[0] <= this.confirmed.seq) continue; // a tail and the room may overlap
      isWhole = entry[0] === this.confirmed.seq + 1;
      if (!isWhole) break;
      const head = readHead(entry[2]);
      if (!isItsBody(head, entry[3])) this.#happened.altered.push(entry[0]);
      this.#foldOne(entry, head);
      for (const id of touchedBy(head)) touched.add(id);
      this.#placeDue(touched);
      if (this.#due.length > 0) this.#pay(touched);
    }
    this.#view.update(touched);
    for (const element of touched) this.#happened.changed.add(element);
    return isWhole;
  }

  #foldOne(entry: Entry, head: AnyHead | null): void {
    const mine = this.#ownItem(head);
    const content = readContent(entry[3]);
    const outcome = applyKnown(this.confirmed, entry, head, content);
    const applied = this.#applied(head, outcome);
    const own = mine !== null && this.#isHeld(mine.edit) ? mine.edit : null;
    const past = { seq: entry[0], chain: this.confirmed.chain, own, ...wordsOf(head, applied, content) };
    this.#history.note(past);
    if (head !== null && MAKES.has(head.kind) && outcome.reason === null) this.lanes.unpark(this.confirmed);
    const isTyped = head?.kind === 'text';
    if (mine !== null) this.#settle(mine, outcome, isTyped ? applied : null);
    const changed = applied === null ? null : fieldOf(head);
    // FOLD-85: an accepted variant is another's words to everybody, also to who accepted it
    if (applied !== null && changed !== null && !(isTyped && mine !== null)) {
      const [element, field] = changed;
      this.#items.carry(changed, applied, applied.ops);
      const op = this.#owed.returned(past, this.confirmed.elements.get(element)?.texts.get(field)?.length ?? 0);
      if (op.length > 0) this.#due.push({ element, field, op });
    }
    if (head?.kind === 'withdraw' && outcome.reason === null) this.#withdrawn(head.author, head.element);
  }

  /** Words of others came back though they were deleted here: do it again. */
  #pay(touched: ReadonlySet<string>): void {
    this.#view.update(touched);
    for (const { element, field, op } of this.#due.splice(0)) {
      // A deletion: no tie has to be decided.
      const here = this.#items.words(element, field).reduce((now, item) => transform(now, item.change.op, false), op);
      if (here.length === 0) continue;
      this.undo.changed(element, field, here);
      this.submit([{ kind: 'text', element, field, change: { op: here, words: '' } }]);
    }
  }

  #ownItem(head: AnyHead | null): Item | null {
    if (head === null || !isMadeByHand(head) || head.author !== this.author) return null;
    return this.#items.find(head.element, head.hand, head.k);
  }

  /** How an entry changed words, if it did. */
  #applied(head: AnyHead | null, outcome: Outcome): Applied | null {
    const where = outcome.reason === null ? fieldOf(head) : null;
    if (where === null) return null;
    const record = this.confirmed.elements.get(where[0])?.texts.get(where[1])?.window.at(-1);
    return record?.seq === this.confirmed.seq ? record : null;
  }

  /** Somebody took their words back: this device doesn't offer them again, and forgets them (PROTOCOL-73). */
  #withdrawn(author: string, element: string): void {
    if (author === this.author) {
      this.#history.forget(element);
      this.undo.forget(element);
    }
    this.#happened.isWithdrawn = true;
  }

  #settle(item: Item, outcome: Outcome, applied: Applied | null): void {
    const group = this.#items.groupOf(item);
    if (group === undefined) return;
    group.unfolded -= 1;
    this.lanes.of(group.session)?.settled(group.n);
    const { reason } = outcome;
    if (reason === null || !REWRITTEN.has(reason)) {
      if (outcome.stale.length > 0) this.#tell('stale', [item], outcome.stale);
      else if (reason !== null) this.#tell(reason, [item]);
      group.items = group.items.filter((one) => one !== item);
      this.#forget(item, applied);
    }
    if (group.unfolded > 0) return;
    if (group.items.length === 0) {
      this.lanes.remove(group);
      return;
    }
    group.state = 'stale';
    this.#happened.put.add(group);
  }

  /** An own item is in the log (`applied`: how it changed words) or was a no-op there. */
  #forget(item: Item, applied: Applied | null): void {
    if (!isWords(item) || item.waitsFor !== null) {
      this.#items.remove(item);
      return;
    }
    if (applied === null) {
      this.#keepAgain(this.#items.drop(item));
      return;
    }
    const { element, field } = item.edit;
    const isFirst = this.#items.words(element, field)[0] === item;
    const believed = changeByOps([item.change.op], '').op;
    const real = changeByOps(applied.ops, '').op;
    this.#items.settle(item, applied.ops);
    if (isFirst && believed.join() !== real.join()) {
      // Only after a rollback whose common past isn't known: the log has it otherwise than was guessed.
      this.#items.shift(element, field, inverseOp(believed));
      this.#items.shift(element, field, real);
    }
    this.#keepAgain(this.#items.words(element, field).flatMap((later) => this.#items.groupOf(later) ?? []));
  }

  /** What stands in the chain behind something that left it is kept anew: its change is over another field now. */
  #keepAgain(groups: readonly Group[]): void {
    for (const group of groups) this.#happened.put.add(group);
  }

  /** Words that were kept on the device are shown once the board is folded to where they were kept. */
  #placeDue(touched: Set<string>): void {
    if (!this.#hasUnplaced) return;
    this.#hasUnplaced = false;
    for (const item of this.lanes.groups.flatMap((group) => group.items)) {
      if (item.waitsFor === null || !isWords(item)) continue;
      if (isSamePoint(item.waitsFor, this.confirmed)) {
        this.#items.place(item);
        touched.add(item.edit.element);
      } else this.#hasUnplaced = true;
    }
  }

  /**
   * Now that the board is up to date: words that still wait were kept over a log that is not this one any more. They are put
   * where they fit best, and what was numbered over that log goes on under another session.
   */
  placeStray(newSession: () => string): void {
    if (!this.#hasUnplaced) return;
    this.#hasUnplaced = false;
    let isNumbered = false;
    for (const group of this.lanes.groups) {
      for (const item of group.items.filter((one) => one.waitsFor !== null)) {
        isNumbered ||= group.n !== null;
        if (group.n !== null && this.#isHeld(item.edit)) {
          group.items = group.items.filter((one) => one !== item);
          this.#items.remove(item);
        } else if (isWords(item)) {
          const { element, field } = item.edit;
          guess(this.#items, item, this.confirmed.elements.get(element)?.text(field) ?? '');
          this.#items.left.add(element);
        }
      }
      if (group.items.length === 0) this.lanes.remove(group);
      else this.#happened.put.add(group);
    }
    if (isNumbered) this.lanes.restart(newSession());
  }

  #isHeld(edit: AnyEdit): boolean {
    const mark = this.confirmed.hands(edit.element).get(handKey(this.author, edit.hand));
    return edit.k > 0 && (mark?.k ?? 0) >= edit.k;
  }

  // ---- beginning anew ---------------------------------------------------------------------------------------------

  /** Begin from what the device kept: a board, and what is pending on it. Only while nothing is pending here. */
  load(board: Board, groups: readonly Group[]): void {
    this.confirmed = board;
    this.#history = new History(board);
    for (const group of groups) {
      this.#rank = Math.max(this.#rank, group.rank + 1);
      group.items = group.items.filter((item) => group.n === null || !this.#isHeld(item.edit));
      if (group.items.length === 0) this.#happened.gone.add(group);
    }
    this.lanes.adopt(groups.filter((group) => group.items.length > 0));
    this.#reindex();
    this.#hasUnplaced = true;
    this.#placeDue(new Set());
    this.#view.restart(board);
    this.#happened.isReset = true;
  }

  /** What waited for lost elements has waited long enough: told, with the words, and let go. */
  giveUpParked(): void {
    for (const group of [...this.lanes.parked]) {
      this.#tell('unknown-element', group.items);
      for (const item of group.items) this.#items.remove(item);
      this.lanes.remove(group);
    }
  }

  /** Begin from a snapshot of the server's (PROTOCOL-10): own entries that it lacks return, before what is pending. */
  begin(board: Board): void {
    const seen = this.#journal.fields().map(([id, field]) => [id, field, this.#words(id, field)] as const);
    const before = this.confirmed;
    for (const element of board.elements.values()) {
      for (const stamp of element.withdrawn) if (stamp.seq > before.seq) this.#withdrawn(stamp.author, element.id);
    }
    const between = new Between(this.#history, before, board);
    this.confirmed = board;
    const returned = this.#returned([...between.older, ...between.since]);
    this.#isQuiet = true;
    if (!between.isKnown) this.#settleHeld(before);
    this.lanes.own.putFirst(returned);
    this.#reindex();
    const byEdit = new Map(returned.flatMap((group) => group.items).map((item) => [item.edit, item]));
    between.carry(this.#items, byEdit, this.#owed);
    this.#isQuiet = false;
    this.lanes.park(board);
    this.#hasUnplaced = false;
    this.#history.rewind(board);
    this.#view.restart(board);
    for (const [id, field, was] of seen) {
      this.#wordsChanged(id, field, difference(was, this.#words(id, field)).op);
    }
    this.#happened.isReset = true;
    this.#keepAgain(this.lanes.groups);
  }

  /** Own entries of the past that the board lacks, each as a group of its own, in the order of the log. */
  #returned(past: readonly Past[]): Group[] {
    const lacking = past.flatMap(({ own, change }) => (own === null || this.#isHeld(own) ? [] : [{ own, change }]));
    const first = Math.min(this.#rank, ...this.lanes.groups.map((group) => group.rank));
    return lacking.map(({ own, change }, i) => {
      const item: Item = { edit: own, change, waitsFor: null };
      const rank = first - lacking.length + i;
      const { session } = this.lanes.own;
      return { rank, session, n: null, state: 'new', items: [item], size: 0, unfolded: 0 };
    });
  }

  /** Pending edits that a snapshot holds, so that their own entries will not be seen. */
  #settleHeld(before: Board): void {
    for (const group of this.lanes.groups) {
      for (const item of group.items.filter((one) => this.#isHeld(one.edit))) {
        group.items = group.items.filter((one) => one !== item);
        if (isWords(item)) settleUnseen(this.#items, before, item);
        else this.#items.remove(item);
      }
      if (group.items.length === 0) this.lanes.remove(group);
    }
  }

  #reindex(): void {
    this.#items.clear();
    for (const group of this.lanes.groups) for (const item of group.items) this.#items.add(item, group);
  }

  #words(element: string, field: string): string {
    return this.view.elements.get(element)?.text(field) ?? '';
  }

  /** The words on the screen changed by something that was not typed here. */
  #wordsChanged(element: string, field: string, op: Op): void {
    if (this.#isQuiet || op.length === 0) return;
    this.#journal.note(element, field, op);
    this.undo.changed(element, field, op);
  }
}

/** What an entry did to words, if it did: whose, where and how. */
function wordsOf(head: AnyHead | null, applied: Applied | null, content: Content | null): Pick<Past, 'by' | 'where' | 'change'> {
  const where = fieldOf(head);
  if (applied === null || where === null) return { by: '', where: null, change: NOTHING };
  const change = changeByOps(applied.ops, typeof content === 'string' ? content : '');
  return { by: handKey(applied.author, applied.hand), where: fieldKey(...where), change };
}

function isSamePoint(one: Point, two: Point): boolean {
  return one.seq === two.seq && one.chain.every((byte, i) => byte === two.chain[i]);
}

/** An absent body is no other body: it may have been withdrawn. */
function isItsBody(head: AnyHead | null, body: Uint8Array | null): boolean {
  if (head === null || body === null) return true;
  const expected = 'body' in head ? head.body : null;
  const hash = bodyHash(body);
  return expected !== null && hash.every((byte, i) => byte === expected[i]);
}
