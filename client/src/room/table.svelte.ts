/**
 * One table that this page sits at: `SpaceClient` and `BoardReplica` as reactive state, and what follows from them for the
 * screens (who is here, who writes where, what did not fit, what others did).
 *
 * Reading a getter in a component keeps that component up to date. Nothing here is sent; verbs are those of the board's
 * controller and of the client. Presence comes twenty times a second, so it is boiled down to what the lists show, and set
 * only when that changed.
 */
import { createSubscriber } from 'svelte/reactivity';
import { isAnonymous } from '../core/anonymous';
import { type Decisions, NOTHING } from '../core/decisions';
import { t, tKnown } from '../i18n';
import { Declined } from '../sync/http';
import type { BoardInfo, BoardReplica, Element, Missed, PersonInfo, RecordInfo, SpaceClient, Status, Told, WaitingNote } from '../sync/interface';
import { alarm, announce } from '../ui/speech.svelte';
import { Notices } from './notices.svelte';
import { OpenBoards, type Borrowed } from './open-boards';
import { Comings, Gathering } from './others';
import { settings } from './settings.svelte';
import { isAway } from './status';
import { sieve, tellingOf } from './telling';

/** How often others' doings are told at most: a sentence now and then, not a commentary. */
const TELL_EVERY_MS = 6_000;

export class Table {
  readonly client: SpaceClient;
  readonly notices = new Notices();
  readonly #followClient: () => void;
  readonly #stops: (() => void)[] = [];
  readonly #boards: OpenBoards;
  #open: Borrowed | null = null;
  #leaveBoard: () => void = () => undefined;
  /** Of two boards asked for while neither has come, the later counts. */
  #turn = 0;

  #replica = $state.raw<BoardReplica | null>(null);
  #ready = $state(false);
  #missed = $state.raw<readonly Missed[]>([]);
  #record = $state.raw<RecordInfo | null>(null);
  #waiting = $state.raw<readonly WaitingNote[]>([]);
  #here = $state.raw<readonly string[]>([]);
  #writing = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());
  #hereKey = '';
  /** The space's own log: what the room decides. */
  #room = $state.raw<BoardReplica | null>(null);
  #decisions = $state.raw<Decisions>(NOTHING);
  #roomTitle = $state('');
  /** What this board was told by the room. */
  #rulings = $state.raw<Decisions>(NOTHING);
  #leaveRoom: () => void = () => undefined;
  #isClosed = false;

  /** The element that this person is at, on the cloth or in the outline: for "only this zone". Set by the room. */
  standsAt: () => string | null = () => null;
  readonly #gathering = new Gathering();
  #comings: Comings;
  #seen = new Map<string, Element>();
  #tellTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: SpaceClient) {
    this.client = client;
    this.#boards = new OpenBoards(client);
    this.#followClient = createSubscriber((update) => client.subscribe(update));
    this.#stops.push(client.onTold((told) => this.#told(told)));
    this.#here = [client.author];
    this.#comings = new Comings(this.#here);
    void this.#enterRoom();
  }

  async #enterRoom(): Promise<void> {
    const room = await this.client.open(this.client.space);
    if (this.#isClosed) {
      room.close();
      return;
    }
    this.#room = room;
    const look = (): void => {
      this.#decisions = room.confirmed.decisions;
      this.#roomTitle = room.confirmed.title ?? '';
    };
    look();
    const stop = room.subscribe((event) => {
      if (event.kind === 'decisions' || event.kind === 'reset') look();
    });
    this.#leaveRoom = () => {
      stop();
      room.close();
    };
  }

  /** The space's own log, once it is there: the verbs of proposals are its. */
  get room(): BoardReplica | null {
    return this.#room;
  }

  /** What the room proposes and has decided, the agreement included. */
  get decisions(): Decisions {
    return this.#decisions;
  }

  /** What of it holds on the board that is open. */
  get rulings(): Decisions {
    return this.#rulings;
  }

  // ---- the space
  get title(): string {
    this.#followClient();
    return this.#decisions.proposals.size > 0 && this.#roomTitle !== '' ? this.#roomTitle : this.client.title;
  }

  get status(): Status {
    this.#followClient();
    return this.client.status;
  }

  get boards(): readonly BoardInfo[] {
    this.#followClient();
    return this.client.boards;
  }

  get mayEdit(): boolean {
    this.#followClient();
    return this.client.mayEdit;
  }

  get people(): ReadonlyMap<string, PersonInfo> {
    this.#followClient();
    return this.client.people;
  }

  get me(): string {
    return this.client.author;
  }

  get myName(): string {
    this.#followClient();
    return this.client.name;
  }

  /** The name that somebody chose; "" for none. */
  nameOf(author: string): string {
    if (isAnonymous(author)) return t('unnamed.nobody');
    return author === this.me ? this.myName : (this.people.get(author)?.name ?? '');
  }

  /** What to call somebody within a sentence. */
  calledOf(author: string): string {
    return isAnonymous(author) ? t('unnamed.aNobody') : this.nameOf(author) || t('people.aSomebody');
  }

  rename(name: string): void {
    this.client.rename(name);
    settings.name = name;
    announce(name === '' ? t('people.unnamed') : t('people.renamed', { name }));
  }

  // ---- the board
  /** What I did that did not fit any more (room/MissedSheet). */
  get missed(): readonly Missed[] {
    return this.#missed;
  }

  /** How far the record of the open board is vouched for, and what of it does not fit. */
  get record(): RecordInfo | null {
    return this.#record;
  }

  /** What I wrote without a name and is not on the cloth yet. */
  get waiting(): readonly WaitingNote[] {
    return this.#waiting;
  }

  get replica(): BoardReplica | null {
    return this.#replica;
  }

  /** Whether the board is up to date as of some moment: nothing is shown before. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Pseudonyms of those on this board now, me included, in an order that stays. */
  get here(): readonly string[] {
    return this.#here;
  }

  /** Who writes in which element now, without me. */
  get writing(): ReadonlyMap<string, readonly string[]> {
    return this.#writing;
  }

  /** Opens a board; the one that was open is left, once the new one is here. Answers whether it is open now. */
  async open(board: string): Promise<boolean> {
    this.#turn += 1;
    const turn = this.#turn;
    if (this.#replica?.info.board === board) return true;
    const open = await this.#boards.borrow(board);
    if (turn !== this.#turn) {
      open.giveBack();
      return false;
    }
    this.#show(open);
    return true;
  }

  #show(open: Borrowed): void {
    const { replica } = open;
    const before = this.#open;
    this.#leaveBoard();
    this.#open = open;
    this.#replica = replica;
    // What others did on the board that was left would be told as if it had happened here.
    this.#gathering.take();
    this.#missed = replica.missed;
    this.#record = replica.record;
    this.#waiting = replica.anonymous.waiting;
    this.#begin(replica);
    this.#leaveBoard = replica.subscribe((event) => {
      if (event.kind === 'presence') this.#presence(replica);
      else if (event.kind === 'record') this.#record = replica.record;
      else if (event.kind === 'missed') this.#missed = replica.missed;
      else if (event.kind === 'anonymous') this.#waiting = replica.anonymous.waiting;
      else if (event.kind === 'decisions') this.#rulings = replica.confirmed.decisions;
      else if (event.kind === 'reset') this.#begin(replica);
      else if (event.kind === 'elements') this.#elements(replica, event.ids);
    });
    before?.giveBack();
  }

  /** A new board of this space, for everybody. Answers its id, or, in words, why there is none. */
  async newBoard(title: string): Promise<{ readonly board: string } | { readonly words: string }> {
    try {
      return { board: await this.client.newBoard(title) };
    } catch (reason) {
      const words = reason instanceof Declined ? tKnown(reason.code) : null;
      return { words: words ?? t('around.boards.away') };
    }
  }

  /** A board of this space, besides the one that is shown: to look it through, or to see who is there. Give it back soon. */
  borrow(board: string): Promise<Borrowed> {
    return this.#boards.borrow(board);
  }

  #begin(replica: BoardReplica): void {
    this.#ready = replica.ready;
    this.#rulings = replica.confirmed.decisions;
    this.#seen = new Map(replica.confirmed.elements);
    this.#presence(replica);
    // Who is here when one comes in stands in the bar; only changes are told.
    this.#comings = new Comings(this.#here);
  }

  #presence(replica: BoardReplica): void {
    const here = new Set([this.me]);
    const writing = new Map<string, string[]>();
    for (const { author, caret } of replica.around.values()) {
      here.add(author);
      if (caret === null || author === this.me) continue;
      const writers = writing.get(caret.element) ?? [];
      if (!writers.includes(author)) writing.set(caret.element, [...writers, author].sort());
    }
    const sorted = [...here].sort();
    const key = JSON.stringify([sorted, [...writing].sort()]);
    if (key === this.#hereKey) return;
    this.#hereKey = key;
    this.#here = sorted;
    this.#writing = writing;
    this.#comings.see(sorted);
    if (!this.#comings.isEmpty) this.#tellSoon();
  }

  #elements(replica: BoardReplica, ids: ReadonlySet<string>): void {
    this.#ready = replica.ready;
    const isMine = (id: string): boolean => replica.confirmed.elements.get(id)?.born.author === this.me;
    for (const id of ids) {
      const after = replica.confirmed.elements.get(id);
      if (after === undefined) continue;
      if (this.#ready) this.#gathering.note(this.#seen.get(id), after, this.me, isMine);
      this.#seen.set(id, after);
    }
    if (!this.#gathering.isEmpty) this.#tellSoon();
  }

  #tellSoon(): void {
    this.#tellTimer ??= setTimeout(() => this.#tellOthers(), TELL_EVERY_MS);
  }

  #tellOthers(): void {
    this.#tellTimer = undefined;
    // What happens meanwhile is kept, and summed up when one listens again. While the connection is gone everybody seems to have left.
    if (settings.paused || isAway(this.client.status)) {
      this.#tellSoon();
      return;
    }
    const replica = this.#replica;
    const { tells } = settings;
    const passes = replica === null ? () => false : sieve(tells, replica.view, this.standsAt());
    const words = tellingOf(this.#gathering, this.#comings, tells, passes, (author) => this.calledOf(author));
    announce(words);
  }

  #told(told: Told): void {
    const text = tKnown(told.code) ?? t('told.other');
    this.notices.tell(told, text);
    // Something of one's own did not go as one thinks it did: this may interrupt.
    alarm(text);
  }

  close(): void {
    clearTimeout(this.#tellTimer);
    this.#isClosed = true;
    this.#leaveRoom();
    this.#turn += 1;
    for (const stop of this.#stops) stop();
    this.#leaveBoard();
    this.notices.close();
    this.#open?.giveBack();
    this.client.close();
  }
}
