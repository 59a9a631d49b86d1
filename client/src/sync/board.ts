/**
 * One open board as the screens know it (`BoardReplica`): verbs become edits, what happens becomes events.
 *
 * Every verb takes effect in `view` at once and is one step of undo. Who has no right to write may call all of them; then
 * nothing happens. A board that the screens close goes on until what was written on it is safe.
 */

import type { Board } from '../core/board.ts';
import { type Decisions, NOTHING } from '../core/decisions.ts';
import { typeOf } from '../core/elements.ts';
import { wordsKept } from '../core/whose.ts';
import { MAX_INK_POINTS } from '../core/limits.ts';
import { fittingWords } from '../core/rules.ts';
import { MAX_GROUP_EDITS } from '../wire/limits.ts';
import {
  aboutVariant,
  type Act,
  adding,
  bringingBack,
  doing,
  locking,
  ordering,
  setting,
  settingAside,
  typing,
  unlocking,
  varying,
} from './acts.ts';
import { Anonymous } from './anonymous.ts';
import type { Draft } from './drafts.ts';
import { Following } from './following.ts';
import type { BoardFrame, Host } from './host.ts';
import { newId } from './identity.ts';
import type {
  Around,
  BoardEvent,
  BoardInfo,
  BoardReplica,
  Here,
  Missed,
  NewElement,
  Proposing,
  RecordInfo,
  Value,
} from './interface.ts';
import { isThere, MissedList } from './missed.ts';
import type { Group } from './outbox.ts';
import type { Where } from './pile.ts';
import { hereOut, Others, type Said, Showing } from './presence.ts';
import type { Happened, Replica } from './replica.ts';
import type { Deed, Waits } from './undo.ts';
import { inverse } from './words.ts';

/** What a board needs of its space, besides what its conversation does. */
export interface BoardHost extends Host {
  /** What is pending changed. */
  changed(): void;
  /** Whether the screens have asked for this board and not closed it. */
  isWanted(board: string): boolean;
  closed(board: string): void;
  /** Nobody wants this board any more, and nothing is pending on it. */
  left(board: BoardClient): void;
}

/** A message holds 128 KiB (PROTOCOL-3); drafts are measured roughly, and high. */
const MAX_GROUP_BYTES = 90_000;

export class BoardClient implements BoardReplica {
  info: BoardInfo;
  ready = false;
  /** Whether it has begun from what this device keeps: before that, nothing may come from the server. */
  isStarted = false;
  readonly following: Following;
  readonly #host: BoardHost;
  readonly #others: Others;
  readonly #showing: Showing;
  readonly #listeners = new Set<(event: BoardEvent) => void>();
  readonly anonymous: Anonymous;
  readonly #missed: MissedList;
  /** Own anonymous notes that undo reaches, with how many other steps lay below each when it was made. */
  readonly #unnamed: { readonly element: string; readonly depth: number }[] = [];
  #unsaved: ReadonlySet<string> | null = null;
  #could = '';
  #decided: Decisions = NOTHING;
  #isLeft = false;
  #wasCurrent = false;

  constructor(info: BoardInfo, host: BoardHost) {
    this.info = info;
    this.#host = host;
    this.#missed = new MissedList(host.space, info.board, () => host.store, newId);
    this.following = new Following(
      info.board,
      host,
      (happened) => this.#stepped(happened),
      ({ here = [], gone = [] }) => {
        this.#others.hear(here, gone, host.timers.now());
        this.#emit({ kind: 'presence' });
      },
      () => this.#emit({ kind: 'record' }),
    );
    const isCurrent = (): boolean => this.following.isCurrent;
    this.anonymous = new Anonymous(info.board, host, () => this.confirmed, isCurrent, () => {
      this.#emit({ kind: 'anonymous' });
      this.leaveIfDone();
    });
    this.anonymous.onPut = (element) => {
      this.#unnamed.push({ element, depth: this.#replica.undo.depth });
      this.#emit({ kind: 'undo' });
    };
    this.#others = new Others(() => this.#replica.carets);
    this.#showing = new Showing(host.timers, (here) => this.#show(here));
  }

  get #replica(): Replica {
    return this.following.replica;
  }

  // ---- what the screens see ---------------------------------------------------------------------------------------

  get view(): Board {
    return this.#replica.view;
  }

  get confirmed(): Board {
    return this.#replica.confirmed;
  }

  get now(): number {
    return Math.max(this.confirmed.at, this.#host.clock());
  }

  get mayEdit(): boolean {
    const { board, space, decisions } = this.confirmed;
    return this.#host.mayEdit && (board === space || decisions.held(this.#host.author, this.now) === null);
  }

  get around(): ReadonlyMap<string, Around> {
    return this.#others.all;
  }

  get unsaved(): ReadonlySet<string> {
    this.#unsaved ??= new Set(this.#unacked().flatMap((group) => group.items.map((item) => item.edit.element)));
    return this.#unsaved;
  }

  /** How many groups the server has not acked. */
  get pending(): number {
    return this.#unacked().length;
  }

  #unacked(): Group[] {
    return this.#replica.lanes.groups.filter((group) => group.state !== 'acked');
  }

  get canUndo(): boolean {
    return this.#replica.undo.canUndo || this.#unnamed.length > 0;
  }

  get canRedo(): boolean {
    return this.#replica.undo.canRedo;
  }

  subscribe(listener: (event: BoardEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(event: BoardEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  caretToken(element: string, field: string): number {
    return this.#replica.carets.token(element, field);
  }

  mapCaret(element: string, field: string, token: number, position: number, stickRight: boolean): number {
    return this.#replica.carets.map(element, field, token, position, stickRight);
  }

  here(here: Here): void {
    this.#showing.show(here);
  }

  #show(here: Said): void {
    if (!this.following.isCurrent) return; // shown once the board is open
    this.#host.send({ t: 'here', board: this.info.board, here: hereOut(here, this.#replica) });
  }

  // ---- verbs ------------------------------------------------------------------------------------------------------

  add(elements: readonly NewElement[]): string[] {
    const act = adding(this.view, elements, newId);
    return this.#do(act) ? [...act.about] : [];
  }

  set(
    changes: ReadonlyMap<string, Record<string, Value>>,
    words: ReadonlyMap<string, Record<string, string>> = new Map(),
  ): void {
    this.#do(setting(this.view, changes, words, this.now));
  }

  type(element: string, field: string, position: number, deleted: number, inserted: string): void {
    const here = this.view.elements.get(element);
    if (here === undefined || !this.mayEdit || !typeOf(here.type).fields.includes(field)) return;
    const reason = wordsKept(here, this.#replica.author);
    if (reason !== null) {
      this.#host.tell({ code: `told.${reason}`, element, kept: inserted });
      return;
    }
    const { drafts, kept } = typing(here, field, position, deleted, inserted);
    if (kept !== '') this.#host.tell({ code: 'told.text-full', element, kept });
    for (const draft of drafts) {
      const before = this.view.elements.get(element)?.texts.get(field);
      const back = inverse(draft.change, before?.value ?? '', before?.length ?? 0);
      if (!this.#replica.extend(element, field, draft.change)) this.#replica.submit([draft]);
      this.#replica.undo.typed(element, field, back, this.#host.timers.now());
    }
    this.following.step();
  }

  extendInk(element: string, count: number, points: Uint8Array): void {
    const stroke = this.view.elements.get(element);
    if (stroke === undefined || !this.mayEdit || !typeOf(stroke.type).hasInk) return;
    if (stroke.inkCount() + count > MAX_INK_POINTS) {
      this.#host.tell({ code: 'told.ink-full', element, kept: '' });
      return;
    }
    this.#submit([{ kind: 'ink', element, count, points }]);
  }

  setAside(elements: readonly string[], why = ''): void {
    this.#do(settingAside(this.view, elements, why, this.now));
  }

  bringBack(elements: readonly string[]): void {
    this.#do(bringingBack(this.view, elements));
  }

  order(element: string, where: Where): void {
    this.#do(ordering(this.view, element, where, this.now));
  }

  lock(elements: readonly string[], minutes: number, why = ''): void {
    this.#do(locking(this.view, elements, minutes, why));
  }

  unlock(elements: readonly string[]): void {
    this.#do(unlocking(this.view, elements, this.now));
  }

  vary(element: string, field: string, words: string): void {
    const there = this.confirmed.elements.get(element);
    if (there !== undefined) this.#do(varying(there, field, words));
  }

  unvary(element: string, field: string, of: string): void {
    this.#aboutVariant('unvary', element, field, of);
  }

  accept(element: string, field: string, of: string): void {
    this.#aboutVariant('accept', element, field, of);
  }

  #aboutVariant(kind: 'unvary' | 'accept', element: string, field: string, of: string): void {
    const there = this.confirmed.elements.get(element);
    if (there !== undefined) this.#do(aboutVariant(kind, there, field, of));
  }

  takeBack(elements: readonly string[] = []): void {
    if (this.following.isCurrent) this.#host.send({ t: 'withdraw', board: this.info.board, elements });
    else this.#host.tell({ code: 'told.takeBackLater', element: null, kept: '' });
  }

  get missed(): readonly Missed[] {
    return this.#missed.all;
  }

  putMissed(id: string): void {
    const missed = this.mayEdit ? this.#missed.take(id) : null;
    if (missed === null) return;
    const { element, values, said } = missed;
    const { order } = values;
    this.together(() => {
      if (this.view.elements.get(element)?.aside != null) this.bringBack([element]);
      this.set(new Map([[element, { ...values }]]), new Map([[element, { ...said }]]));
      const from = this.view.elements.get(element)?.prop('order');
      if (order === undefined || from === undefined || order === from) return;
      this.#do(doing(this.view, [{ kind: 'order', element, turn: { name: 'order', to: order, from } }], this.now));
    });
    this.#emit({ kind: 'missed' });
  }

  // ---- the room (FOLD-100 on)

  propose({ act, board = '', about = '', elements = [], values = {}, words = {}, why = '' }: Proposing): string {
    const element = newId();
    const said = new Map(Object.entries(words).map(([name, text]) => [name, fittingWords(text)]));
    const parts = { act, board, about, elements, values: new Map(Object.entries(values)), words: said };
    this.#say({ kind: 'propose', element, ...parts, why: fittingWords(why) });
    return element;
  }

  object(element: string, why = ''): void {
    this.#say({ kind: 'object', element, why: fittingWords(why) });
  }

  vote(element: string, isFor: boolean): void {
    this.#say({ kind: 'vote', element, choice: isFor ? 1 : 0 });
  }

  takeBackProposal(element: string): void {
    this.#say({ kind: 'take-back', element });
  }

  resume(element: string): void {
    this.#say({ kind: 'resume', element });
  }

  #say(draft: Draft): void {
    if (this.mayEdit) this.#submit([draft]);
  }

  leaveMissed(id: string): void {
    if (this.#missed.take(id) !== null) this.#emit({ kind: 'missed' });
  }

  /** What came to be as one wanted it, through whomever, is no choice any more. */
  #listMissed({ missed, changed }: Happened): void {
    this.#missed.add(missed);
    const there = this.missed.filter((one) => changed.has(one.element) && isThere(one, this.confirmed));
    for (const one of there) this.#missed.take(one.id);
    if (missed.length + there.length > 0) this.#emit({ kind: 'missed' });
  }

  get record(): RecordInfo {
    const { doubts, tip } = this.following.watch;
    return { doubts, tip };
  }

  noticedDoubts(): void {
    this.following.watch.noticed();
  }

  together<T>(work: () => T): T {
    return this.#replica.undo.together(work);
  }

  undo(): string[] | null {
    const { undo } = this.#replica;
    const last = this.#unnamed.at(-1);
    if (this.mayEdit && last !== undefined && undo.depth <= last.depth) {
      this.#unnamed.pop();
      this.anonymous.takeAway(last.element);
      return [last.element];
    }
    return this.mayEdit ? this.#doAgain(undo.takeUndo(this.view, this.now), (back) => undo.undid(back)) : null;
  }

  redo(): string[] | null {
    const { undo } = this.#replica;
    return this.mayEdit ? this.#doAgain(undo.takeRedo(this.view, this.now), (back) => undo.redid(back)) : null;
  }

  #doAgain(deeds: readonly Deed[] | Waits | null, did: (back: readonly Deed[]) => void): string[] | null {
    if (deeds !== null && 'locked' in deeds) {
      this.#host.tell({ code: 'told.locked', element: deeds.locked, kept: '' });
      return null;
    }
    const act = doing(this.view, deeds ?? [], this.now);
    did(act.back);
    this.#submit(act.drafts);
    return deeds === null ? null : [...act.about];
  }

  #do(act: Act): boolean {
    if (!this.mayEdit) return false;
    const [element] = act.locked;
    if (element !== undefined) {
      this.#host.tell({ code: 'told.locked', element: act.locked.length === 1 ? element : null, kept: '' });
    }
    if (act.drafts.length === 0) return false;
    this.#replica.undo.did(act.back);
    this.#submit(act.drafts);
    return true;
  }

  /** One atom if it fits into a message, else several. */
  #submit(drafts: readonly Draft[]): void {
    let group: Draft[] = [];
    let size = 0;
    for (const draft of drafts) {
      const bytes = bytesOf(draft);
      if (group.length >= MAX_GROUP_EDITS || (group.length > 0 && size + bytes > MAX_GROUP_BYTES)) {
        this.#replica.submit(group);
        group = [];
        size = 0;
      }
      group.push(draft);
      size += bytes;
    }
    if (group.length > 0) this.#replica.submit(group);
    this.following.step();
  }

  // ---- what happens -----------------------------------------------------------------------------------------------

  #stepped(happened: Happened): void {
    const isFirst = !this.ready && this.following.isCurrent;
    this.ready ||= isFirst;
    this.#unsaved = null;
    this.#others.moved();
    for (const told of happened.told) this.#host.tell(told);
    const { decisions } = this.confirmed;
    if (decisions !== this.#decided) {
      this.#decided = decisions;
      this.#emit({ kind: 'decisions' });
    }
    if (happened.isReset || isFirst) this.#emit({ kind: 'reset' });
    else if (happened.changed.size > 0) this.#emit({ kind: 'elements', ids: happened.changed });
    this.#listMissed(happened);
    const could = `${this.canUndo} ${this.canRedo}`;
    if (could !== this.#could) {
      this.#could = could;
      this.#emit({ kind: 'undo' });
    }
    this.#host.changed();
    this.#showAgain();
    this.anonymous.step();
    this.leaveIfDone();
  }

  async start(): Promise<void> {
    await this.following.start();
    await this.anonymous.load().catch(() => undefined);
    await this.#missed.load().catch(() => undefined);
    this.isStarted = true;
  }

  receive(frame: BoardFrame): void {
    if (!this.isStarted) return;
    if ((frame.t === 'ack' || frame.t === 'refuse') && this.anonymous.take(frame)) return;
    this.following.receive(frame);
    this.#showAgain();
  }

  /** What is shown of oneself reaches the others once the board is open; a snapshot is unpacked some time after it came. */
  #showAgain(): void {
    const isCurrent = this.following.isCurrent;
    if (isCurrent && !this.#wasCurrent) this.#showing.again();
    this.#wasCurrent = isCurrent;
  }

  /** A connection was welcomed. `who`: its own name in presence. */
  connected(who: string): void {
    this.#others.me = who;
    if (this.isStarted) this.following.connected();
  }

  /** The connection is gone. A repeat is harmless. */
  disconnected(): void {
    this.following.disconnected();
    this.anonymous.step();
    this.#showAgain();
    if (this.#others.size === 0) return;
    this.#others.clear();
    this.#emit({ kind: 'presence' });
  }

  /** No more timers. */
  stop(): void {
    this.following.stop();
    this.anonymous.stop();
  }

  /** The screens go away; edits that are not safe go on. */
  close(): void {
    this.#host.closed(this.info.board);
    this.#listeners.clear();
    this.#showing.close();
    this.leaveIfDone();
  }

  /** Go, if the screens don't want this board and nothing is pending on it. */
  leaveIfDone(): void {
    if (this.#isLeft || this.#host.isWanted(this.info.board) || !this.following.isSettled) return;
    if (!this.anonymous.isSettled) return;
    this.#isLeft = true;
    this.following.save();
    this.stop();
    if (this.#host.epoch !== null) this.#host.send({ t: 'leave', board: this.info.board });
    this.#host.left(this);
  }
}

function bytesOf(draft: Draft): number {
  if (draft.kind === 'text') return 100 + draft.change.words.length * 3;
  if (draft.kind === 'ink') return 100 + draft.points.length;
  if (draft.kind === 'propose') return 3_000 + draft.elements.length * 36 + 6_000 * draft.words.size;
  return draft.kind === 'set' || draft.kind === 'set-aside' || draft.kind === 'lock' ? 2_500 : 500;
}
