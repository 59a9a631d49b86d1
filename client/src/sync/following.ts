/**
 * One board's conversation with the server, and what this device keeps of it.
 *
 * Order is everything here. Frames are taken in one after another, also while a snapshot is being unpacked. Every edit is
 * kept on the device before it is sent; writes to the device and what is sent after them form one queue. Nothing is sent
 * before the board is folded up to the tip that `opened` named: what the log has of one's own is recognised first.
 */

import { type Board, newBoard } from '../core/board.ts';
import { fromCanonical, toCanonical } from '../core/canonical.ts';
import type { Entry } from '../core/edits.ts';
import { editOut } from '../wire/edits.ts';
import type { FromParticipant, Opened, Presence, Refuse, Snapshot } from '../wire/types.ts';
import { Hold } from './hold.ts';
import { newId, newSession } from './identity.ts';
import type { Kept } from './interface.ts';
import type { BoardFrame, Host } from './host.ts';
import { Keeping } from './keeping.ts';
import { KeptLog } from './kept-log.ts';
import type { Group } from './outbox.ts';
import type { BoardRecord, Left } from './pending.ts';
import { groupIn } from './records.ts';
import { type Happened, Replica } from './replica.ts';
import type { Seeking } from './seeking.ts';
import { tipIn, Watch } from './watch.ts';

/** How long edits wait for elements that a rollback took, until those who made them come back. */
const PARKED_MS = 120_000;

export class Following {
  replica: Replica;
  readonly #board: string;
  readonly #host: Host;
  /** Called after each step with what happened. */
  readonly #onStep: (happened: Happened) => void;
  readonly #onPresence: (frame: Presence) => void;
  /** Sessions whose marks this connection knows, and those it asked for. */
  readonly #opened = new Set<string>();
  readonly #asked = new Set<string>();
  #tip: number | null = null;
  #awaitsSnapshot = false;
  #isRewound = false;
  readonly #inbox: BoardFrame[] = [];
  #isUnpacking = false;
  readonly #keeping: Keeping;
  /** The whole record, as far as this device has it. */
  readonly keptLog: KeptLog;
  /** Whether the record is what its server signed. */
  readonly watch: Watch;
  /** After a rollback: looks where the log and this device still agree. */
  #seeking: Seeking | null = null;
  readonly #hold: Hold;
  #stopParked: (() => void) | null = null;
  #isReadOnly = false;
  #isAdopting = false;
  /** Closed tabs left something here that waits for what is pending. */
  #isToAdopt = false;

  constructor(
    board: string,
    host: Host,
    onStep: (happened: Happened) => void,
    onPresence: (frame: Presence) => void,
    onRecord: () => void,
  ) {
    this.#board = board;
    this.#host = host;
    this.#onStep = onStep;
    this.#onPresence = onPresence;
    this.replica = this.#newReplica();
    this.#hold = new Hold(host.timers, () => this.step());
    this.watch = new Watch(host.timers, onRecord, (record) => void host.store.keepTip(record).catch(() => undefined));
    this.keptLog = new KeptLog(board, host);
    const held = (): { confirmed: Board; groups: readonly Group[] } => {
      return { confirmed: this.#confirmed, groups: this.replica.lanes.groups };
    };
    this.#keeping = new Keeping(board, host, held, () => host.kept());
  }

  #newReplica(): Replica {
    const { space, author, tab, timers } = this.#host;
    // By time, so that what several tabs left behind keeps its order; with chance, so that no two ranks are alike.
    const firstRank = timers.date() * 1000 + Math.floor(timers.random() * 1000);
    return new Replica(space, this.#board, author, tab.id, newId, firstRank, () => this.#host.clock());
  }

  get #confirmed(): Board {
    return this.replica.confirmed;
  }

  /** Whether all up to the tip that this connection named at its opening is folded. */
  get isCurrent(): boolean {
    const isHere = !this.#awaitsSnapshot && this.#seeking === null;
    return this.#tip !== null && isHere && this.#confirmed.seq >= this.#tip;
  }

  get isSettled(): boolean {
    return this.replica.lanes.groups.length === 0;
  }

  // ---- what the device keeps --------------------------------------------------------------------------------------

  /** Begin from what this device keeps: what a closed tab left on this board, or the last state. */
  async start(): Promise<void> {
    const { store, tab, space } = this.#host;
    try {
      this.watch.begin(await store.tip(space, this.#board));
      await this.keptLog.begin();
      for (const gone of await tab.gone()) {
        const left = gone.boards.includes(this.#board) ? await tab.claim(this.#board, gone.tab) : null;
        if (left !== null) {
          this.#load(left);
          return;
        }
      }
      const state = await store.latest(space, this.#board);
      if (state !== null) this.#load({ groups: [], state });
    } catch {
      this.#host.cannotKeep();
    }
  }

  #load(left: Left): void {
    this.replica.load(this.#boardOf(left.state), left.groups.map(groupIn));
    this.#keeping.begin(this.#confirmed.seq);
    this.step();
  }

  #boardOf(state: BoardRecord | null): Board {
    const { space } = this.#host;
    if (state !== null) {
      try {
        const board = fromCanonical(state.data);
        if (board.space === space && board.board === this.#board) return board;
      } catch {
        // Of an older version of this page: the server has it all.
      }
    }
    return newBoard(space, this.#board);
  }

  /** Take over what closed tabs left on this board: now, or once nothing is pending here, so that no words get mixed. */
  async adopt(): Promise<void> {
    if (this.#isAdopting) return;
    this.#isAdopting = true;
    try {
      await this.#adoptOne();
    } finally {
      this.#isAdopting = false;
    }
  }

  async #adoptOne(): Promise<void> {
    const { tab } = this.#host;
    const [gone, ...others] = (await tab.gone()).filter((one) => one.boards.includes(this.#board));
    await this.#keeping.kept();
    this.#isToAdopt = gone !== undefined && (others.length > 0 || !this.#mayAdopt);
    if (gone === undefined || !this.#mayAdopt) return;
    const left = await tab.claim(this.#board, gone.tab);
    if (left === null) return;
    if (!this.isSettled) return; // written meanwhile: it stays claimed, and comes with the next page
    const { seq } = this.#confirmed;
    const isHere = left.groups.every(({ items }) => items.every((one) => one.edit.kind !== 'text' || one.over.seq === seq));
    if (isHere) {
      this.replica.load(this.#confirmed, left.groups.map(groupIn));
      this.step();
    } else {
      this.disconnected(); // nothing is sent before the board is open as of then
      this.#load(left); // its words stand over an older board: go on from there
      this.#openAnew();
    }
  }

  get #mayAdopt(): boolean {
    return this.isCurrent && this.#host.mayEdit && this.isSettled;
  }

  /** Another tab has claimed what this one kept and sends it: forget it here. The host's tab is a new one already. */
  abandon(): void {
    const board = this.#confirmed;
    this.replica = this.#newReplica();
    this.replica.load(board, []);
    this.#keeping.begin(0);
    this.step();
  }

  #frameOf(group: Group): FromParticipant {
    const edits = group.items.map((item) => editOut(item.edit));
    const session = group.session === this.#host.tab.id ? {} : { session: group.session };
    return { t: 'edit', board: this.#board, n: group.n ?? 0, edits, ...session };
  }

  /** Keep the board as it is folded, with everything pending as it stands over it. */
  save(): void {
    this.#keeping.save();
    void this.keptLog.save();
  }

  /** Where all that is pending is kept, at the least. */
  get where(): Kept {
    return this.#keeping.where;
  }

  /** Resolves once all that is to be kept so far is kept. */
  async kept(): Promise<void> {
    await this.#keeping.kept();
  }

  /** No more timers. */
  stop(): void {
    this.#hold.stop();
    this.#stopParked?.();
    this.#keeping.stop();
    this.watch.stop();
    this.keptLog.stop();
  }

  // ---- the connection ---------------------------------------------------------------------------------------------

  /** A connection was welcomed: open the board on it. */
  connected(): void {
    this.disconnected();
    this.#asked.add(this.#host.tab.id);
    const { seq, chain } = this.#confirmed;
    // The whole log, if one must look for what it and this device have in common.
    if (this.#seeking !== null) this.#seeking = this.replica.seek();
    const held = seq === 0 || this.#seeking !== null ? {} : { seq, chain };
    const tail = this.replica.hasWords || this.#seeking !== null ? { tail: true } : {};
    this.#host.send({ t: 'open', board: this.#board, ...held, ...tail });
  }

  /** The connection is gone. A repeat is harmless. */
  disconnected(): void {
    this.#tip = null;
    this.#awaitsSnapshot = false;
    if (this.#seeking?.isFromSnapshot === true) this.#seeking = null;
    this.#opened.clear();
    this.#asked.clear();
    this.#inbox.length = 0;
    this.watch.stop();
    this.replica.lanes.lost();
  }

  /** Take in a frame about this board, after those that came before it. */
  receive(frame: BoardFrame): void {
    this.#inbox.push(frame);
    this.#work();
  }

  #work(): void {
    if (this.#isUnpacking) return;
    for (let frame = this.#inbox.shift(); frame !== undefined; frame = this.#inbox.shift()) {
      if (frame.t === 'snapshot' && this.#awaitsSnapshot) {
        void this.#unpack(frame);
        return;
      }
      this.#take(frame);
    }
    this.step();
  }

  #take(frame: BoardFrame): void {
    switch (frame.t) {
      case 'opened':
        this.#takeOpened(frame);
        return;
      case 'entries':
        this.#isReadOnly = false;
        // What comes before `opened` belongs to an opening that is over.
        if (this.#tip !== null && !this.#fold(frame.entries)) this.#host.reconnect();
        return;
      case 'tip':
        this.watch.hear(tipIn(frame.tip));
        return;
      case 'ack':
        this.#isReadOnly = false;
        this.#hold.taken();
        for (const [n, seq] of frame.acks) this.replica.acked(frame.session ?? this.#host.tab.id, n, seq);
        return;
      case 'refuse':
        this.#takeRefuse(frame);
        return;
      case 'presence':
        this.#onPresence(frame);
        return;
      case 'snapshot':
    }
  }

  #takeOpened(frame: Opened): void {
    const session = frame.session ?? this.#host.tab.id;
    const isKnown = this.replica.lanes.of(session)?.opened(frame.mark) ?? true;
    this.#opened.add(session);
    if (session === this.#host.tab.id) {
      this.#tip = frame.seq;
      this.watch.opened(frame.tip ?? null, frame.seq);
      this.#awaitsSnapshot = frame.how !== 'tail';
      this.#isRewound = frame.how === 'rewound' || this.#seeking !== null;
    }
    // DESIGN "Exactly": after a rollback a session's numbers may stand for other contents.
    if (!isKnown || frame.how === 'rewound') this.replica.lanes.restart(newSession());
  }

  async #unpack(frame: Snapshot): Promise<void> {
    this.#isUnpacking = true;
    const { epoch } = this.#host;
    try {
      const board = fromCanonical(await this.#host.unpack(frame.data));
      if (epoch !== this.#host.epoch || !this.#awaitsSnapshot) return; // opened anew meanwhile
      if (board.space !== this.#host.space || board.board !== this.#board || board.seq !== frame.seq) {
        throw new RangeError('the snapshot is another board');
      }
      this.#begin(board);
    } catch {
      if (epoch === this.#host.epoch) this.#host.reconnect();
    } finally {
      this.#isUnpacking = false;
      this.#work();
    }
  }

  #begin(board: Board): void {
    if (this.#isRewound && this.#seeking === null) {
      if (!this.replica.knows(board)) {
        this.#seek();
        return;
      }
      this.#seeking = this.replica.seek(board);
      this.#awaitsSnapshot = false;
      if (board.seq < (this.#tip ?? 0)) return;
    }
    if (this.#isRewound) {
      const { space, tab } = this.#host;
      const { seq } = this.#confirmed;
      this.#keeping.copy({ space, board: this.#board, tab: tab.id, seq, data: toCanonical(this.#confirmed) });
      this.#host.tell({ code: 'told.rewound', element: null, kept: '' });
      this.watch.doubt('rewound');
      this.#host.lost(this.#board);
      this.#isRewound = false;
    }
    this.#seeking = null;
    this.replica.begin(board);
    this.#awaitsSnapshot = false;
  }

  /** The log was written on since it was rolled back: read it from its beginning, to where it is another. */
  #seek(): void {
    this.#seeking = this.replica.seek();
    this.#openAnew();
  }

  /** PROTOCOL-10: an `open` is not heard while the answer to another is on its way, unless that was left. */
  #openAnew(): void {
    this.#host.send({ t: 'leave', board: this.#board });
    this.connected();
  }

  /** False: an entry is missing. */
  #fold(entries: readonly Entry[]): boolean {
    const seeking = this.#seeking;
    this.keptLog.live(entries);
    if (seeking === null) return this.replica.fold(entries);
    const others = seeking.take(entries);
    if (others === null) return false;
    if (others.length === 0 && seeking.board.seq < (this.#tip ?? 0)) return true;
    this.#begin(seeking.board);
    return this.replica.fold(others);
  }

  #takeRefuse(frame: Refuse): void {
    const { code, n = 0 } = frame;
    const session = frame.session ?? this.#host.tab.id;
    if (n === 0 || code === 'read-only') this.#notice(code);
    if (n === 0) return;
    this.#hold.refused(code);
    if (code === 'not-open' || code === 'gap') {
      // Ask for the mark again: after a gap one must know from where to count.
      this.#opened.delete(session);
      this.#asked.delete(session);
    }
    this.replica.refused(session, n, code);
  }

  /** What the server says of the board itself. */
  #notice(code: string): void {
    const isNews = code === 'read-only' ? !this.#isReadOnly : code === 'no-such-board' || code === 'too-many-boards';
    if (code === 'no-such-board') this.#host.lost(this.#board);
    if (isNews) this.#host.tell({ code: `told.${code}`, element: null, kept: '' });
    if (code === 'read-only') this.#isReadOnly = true;
  }

  // ---- after each step --------------------------------------------------------------------------------------------

  /** Send what may be sent, keep what is to be kept, and say what happened. To be called after every change. */
  step(): void {
    if (this.isCurrent) this.replica.placeStray(newSession);
    const sent = this.#sendable();
    const happened = this.replica.take();
    if (happened.altered.length > 0) this.watch.altered();
    if (!this.#awaitsSnapshot && this.#seeking === null) {
      this.watch.look(this.#confirmed, (seq) => this.replica.chainAt(seq), this.isCurrent);
      if (this.isCurrent) this.keptLog.want(this.#confirmed.seq, this.#confirmed.chain);
    }
    this.#keeping.keep(happened.put, happened.gone, sent.map((group) => this.#frameOf(group)));
    if (happened.isWithdrawn) this.#keeping.withdraw();
    else this.#keeping.saveSoon();
    this.#waitParked();
    this.#onStep(happened);
    if (this.#isToAdopt && this.#mayAdopt) void this.adopt().catch(() => this.#host.cannotKeep());
  }

  #waitParked(): void {
    const giveUp = (): void => {
      this.#stopParked = null;
      if (this.isCurrent) this.replica.giveUpParked();
      this.step();
    };
    if (this.replica.lanes.parked.length > 0) this.#stopParked ??= this.#host.timers.after(PARKED_MS, giveUp);
    else {
      this.#stopParked?.();
      this.#stopParked = null;
    }
  }

  #sendable(): Group[] {
    const { epoch, mayEdit } = this.#host;
    if (epoch === null || !this.isCurrent || !mayEdit || this.#hold.isOn) return [];
    const lane = this.replica.lanes.first;
    if (this.#opened.has(lane.session)) return this.replica.lanes.sendable(this.#confirmed);
    if (lane.groups.length > 0 && !this.#asked.has(lane.session)) {
      this.#asked.add(lane.session);
      const { seq, chain } = this.#confirmed;
      this.#host.send({ t: 'open', board: this.#board, session: lane.session, seq, chain, tail: true });
    }
    return [];
  }
}
