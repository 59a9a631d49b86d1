/**
 * A board in this page's memory, for trying and testing the canvas without a server. Not part of the build.
 *
 * It keeps the promises of `BoardReplica` that the canvas relies on: verbs take effect at once, elements are replaced and never
 * changed, carets are carried over what was typed since. Nothing is sent, nothing is pending, and undo is a plain stack. `table.by(author)` gives the same
 * board to another person, so that a test can have two of them at one note.
 */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { comparePile, Element, newBoard, type Board, type Stamp } from '../../core/board';
import type { Value } from '../../core/edits';
import { applyOp, spliceOp, TextField, type Op } from '../../core/text';
import { carry } from '../writing';
import type { Around, BoardEvent, BoardReplica,
  RecordInfo, Here, NewElement } from '../../sync/interface';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Typed {
  readonly element: string;
  readonly field: string;
  readonly op: Op;
  readonly author: string;
}

type Inverse = () => string[];

/** What all people of a test share. */
export class LocalTable {
  readonly board: Board = newBoard('space-of-a-test', 'board-of-a-test');
  readonly typed: Typed[] = [];
  readonly replicas = new Map<string, LocalReplica>();
  now = 1_000;
  #next = 0;

  by(author: string): LocalReplica {
    const known = this.replicas.get(author);
    if (known !== undefined) return known;
    const replica = new LocalReplica(this, author);
    this.replicas.set(author, replica);
    return replica;
  }

  id(): string {
    this.#next += 1;
    return `thing-${String(this.#next).padStart(6, '0')}`;
  }

  stamp(author: string): Stamp {
    this.board.seq += 1;
    this.now += 1;
    this.board.at = this.now;
    return { seq: this.board.seq, at: this.now, author };
  }

  put(element: Element): void {
    this.board.elements.set(element.id, element);
    for (const replica of this.replicas.values()) replica.tell({ kind: 'elements', ids: new Set([element.id]) });
  }

  show(who: string, around: Around | null): void {
    for (const [author, replica] of this.replicas) {
      if (author === around?.author) continue;
      if (around === null) replica.around.delete(who);
      else replica.around.set(who, around);
      replica.tell({ kind: 'presence' });
    }
  }
}

export class LocalReplica implements BoardReplica {
  readonly info = { board: 'board-of-a-test', title: 'A cloth to try' };
  readonly around = new Map<string, Around>();
  readonly unsaved = new Set<string>();
  readonly missed = [];
  /** Nobody else is here to be unknown to. */
  readonly anonymous = { waiting: [], isMine: () => false, put: () => null, reword: () => undefined, takeAway: () => undefined, bringBack: () => undefined };
  ready = true;
  mayEdit = true;
  /** The last that was said of me. */
  said: Here = {};
  readonly #table: LocalTable;
  readonly #author: string;
  readonly #listeners = new Set<(event: BoardEvent) => void>();
  #moments = 0;
  #undo: Inverse[] = [];
  #redo: Inverse[] = [];

  constructor(table: LocalTable, author: string) {
    this.#table = table;
    this.#author = author;
  }

  get view(): Board {
    return this.#table.board;
  }

  /** Nothing is ever missed here: there is no log to come late to. */
  putMissed(): void {}

  leaveMissed(): void {}

  // This table has no room to ask.
  propose(): string {
    return '';
  }

  object(): void {}

  vote(): void {}

  takeBackProposal(): void {}

  resume(): void {}

  get confirmed(): Board {
    return this.#table.board;
  }

  get now(): number {
    return this.#table.now;
  }

  tell(event: BoardEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  subscribe(listener: (event: BoardEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }

  #element(id: string): Element {
    const element = this.view.elements.get(id);
    if (element === undefined) throw new Error(`no element ${id}`);
    return element;
  }

  #did(inverse: Inverse): void {
    this.#undo.push(inverse);
    this.#redo = [];
    this.tell({ kind: 'undo' });
  }

  add(elements: readonly NewElement[]): string[] {
    const top = this.view.pile().at(-1)?.prop('order');
    const orders = generateNKeysBetween(typeof top === 'string' ? top : null, null, elements.length, DIGITS);
    const ids = elements.map((fresh, index) => {
      const id = fresh.id ?? this.#table.id();
      const order = fresh.values['order'] ?? orders[index] ?? 'a0';
      const props = new Map<string, Value>([...Object.entries(fresh.values), ['order', order]]);
      const texts = new Map(fresh.text === undefined ? [] : [['text', new TextField(fresh.text)]]);
      const ink = fresh.ink === undefined ? [] : [fresh.ink];
      this.#table.put(new Element(id, fresh.type, this.#table.stamp(this.#author), { props, texts, ink }));
      return id;
    });
    this.#did(() => this.#aside(ids, ''));
    return ids;
  }

  set(changes: ReadonlyMap<string, Record<string, Value>>, words?: ReadonlyMap<string, Record<string, string>>): void {
    const before = new Map<string, ReadonlyMap<string, Value>>();
    const ids = new Set([...changes.keys(), ...(words?.keys() ?? [])]);
    for (const id of ids) {
      const element = this.#element(id);
      if (element.aside !== null || element.isLocked(this.now)) continue;
      before.set(id, element.props);
      const stamp = this.#table.stamp(this.#author);
      const set = Object.entries(changes.get(id) ?? {});
      const stamps = new Map([...element.stamps, ...set.map(([name]) => [name, stamp] as const)]);
      const spoken = new Map([...element.words, ...Object.entries(words?.get(id) ?? {})]);
      this.#table.put(element.with({ props: new Map([...element.props, ...set]), stamps, words: spoken }));
    }
    this.#did(() => {
      for (const [id, props] of before) this.#table.put(this.#element(id).with({ props }));
      return [...before.keys()];
    });
  }

  type(id: string, field: string, position: number, deleted: number, inserted: string): void {
    const element = this.#element(id);
    const old = element.texts.get(field) ?? new TextField();
    const op = spliceOp([position, deleted, [...inserted].length]);
    const stamp = this.#table.stamp(this.#author);
    const record = { ...stamp, hand: `hand-${this.#author}`, ops: [op] };
    const fresh = new TextField(applyOp(old.value, op, inserted), [...old.window.slice(-20), record]);
    this.#table.typed.push({ element: id, field, op, author: this.#author });
    this.#table.put(element.with({ texts: new Map([...element.texts, [field, fresh]]) }));
    const removed = [...old.value].slice(position, position + deleted).join('');
    const token = this.caretToken();
    this.#did(() => {
      const at = this.mapCaret(id, field, token, position, true);
      const end = this.mapCaret(id, field, token, position + [...inserted].length, false);
      this.type(id, field, at, Math.max(0, end - at), removed);
      this.#undo.pop();
      return [id];
    });
  }

  extendInk(id: string, count: number, points: Uint8Array): void {
    const element = this.#element(id);
    this.#table.stamp(this.#author);
    this.#table.put(element.with({ ink: [...element.ink, { count, points }] }));
  }

  #aside(ids: readonly string[], why: string): string[] {
    for (const id of ids) {
      const element = this.#element(id);
      if (element.aside !== null || element.isLocked(this.now)) continue;
      this.#table.put(element.with({ aside: { stamp: this.#table.stamp(this.#author), why } }));
    }
    return [...ids];
  }

  setAside(ids: readonly string[], why = ''): void {
    this.#aside(ids, why);
    this.#did(() => this.#back(ids));
  }

  #back(ids: readonly string[]): string[] {
    for (const id of ids) {
      const element = this.#element(id);
      this.#table.stamp(this.#author);
      if (element.aside !== null) this.#table.put(element.with({ aside: null }));
    }
    return [...ids];
  }

  bringBack(ids: readonly string[]): void {
    this.#back(ids);
    this.#did(() => this.#aside(ids, ''));
  }

  order(id: string, where: 'front' | 'back' | 'forward' | 'backward'): void {
    const others = this.view.pile().filter((element) => element.id !== id).sort(comparePile);
    const now = this.view.pile().findIndex((element) => element.id === id);
    const to = { front: others.length, back: 0, forward: Math.min(now + 1, others.length), backward: Math.max(now - 1, 0) };
    const key = (index: number): string | null => {
      const order = others[index]?.prop('order');
      return typeof order === 'string' ? order : null;
    };
    const place = to[where];
    const [low, high] = [key(place - 1), key(place)];
    if (low !== null && low === high) return;
    this.set(new Map([[id, { order: generateKeyBetween(low, high, DIGITS) }]]));
  }

  get record(): RecordInfo {
    return { doubts: [], tip: null };
  }

  noticedDoubts(): void {
    // Nobody else writes this record.
  }

  together<T>(work: () => T): T {
    const from = this.#undo.length;
    const result = work();
    const steps = this.#undo.splice(from).reverse();
    if (steps.length > 0) this.#did(() => steps.flatMap((step) => step()));
    return result;
  }

  lock(ids: readonly string[], minutes: number, why = ''): void {
    for (const id of ids) {
      const stamp = this.#table.stamp(this.#author);
      this.#table.put(this.#element(id).with({ lock: { stamp, until: stamp.at + minutes * 60_000, why } }));
    }
  }

  unlock(ids: readonly string[]): void {
    for (const id of ids) {
      this.#table.stamp(this.#author);
      this.#table.put(this.#element(id).with({ lock: null }));
    }
  }

  vary(): void {}

  unvary(): void {}

  accept(): void {}

  takeBack(): void {}

  undo(): string[] | null {
    const inverse = this.#undo.pop();
    const ids = inverse?.() ?? null;
    this.tell({ kind: 'undo' });
    return ids;
  }

  redo(): string[] | null {
    return this.#redo.pop()?.() ?? null;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  here(here: Here): void {
    this.said = here;
    const { at = null, selected = [], caret = null, drag = [], stroke = null } = here;
    const { view = null, laser = false, follow = '', look, react } = here;
    const n = (this.#moments += 1);
    const moments = {
      look: look == null ? null : ([...look, n] as const),
      react: react == null ? null : ([...react, n] as const),
    };
    const state = { at, selected, caret, drag, stroke, view, laser, follow };
    const around = { who: this.#author, author: this.#author, ...state, ...moments, heard: performance.now() };
    this.#table.show(this.#author, around);
  }

  caretToken(): number {
    return this.#table.typed.length;
  }

  mapCaret(element: string, field: string, token: number, position: number, stickRight: boolean): number {
    let at = position;
    for (const typed of this.#table.typed.slice(token)) {
      if (typed.element === element && typed.field === field) at = carry(typed.op, at, stickRight);
    }
    return at;
  }
}
