// A server in memory that keeps PROTOCOL: doors, marks, one log a board, snapshots, rollbacks. Messages wait in queues until
// a test lets them through, one by one, so that every order of delivery can be tried.

import { PROTOCOL_VERSION } from '../../src/wire/codec.ts';
import { decode, encode } from '@msgpack/msgpack';
import { gzipSync } from 'fflate';
import { type Board, newBoard } from '../../src/core/board.ts';
import { toCanonical } from '../../src/core/canonical.ts';
import { type AnyEdit, type Entry } from '../../src/core/edits.ts';
import { encodeEntry, foundEntry } from '../../src/core/entry.ts';
import { applyEntry } from '../../src/core/fold.ts';
import { malformed, refusal } from '../../src/core/rules.ts';
import { handKey } from '../../src/core/text.ts';
import type { Socket } from '../../src/sync/connection.ts';
import { authorOf, authorOfKey } from '../../src/sync/identity.ts';
import { editIn } from '../../src/wire/edits.ts';
import type { EditFrame, FromParticipant, FromServer, Open } from '../../src/wire/types.ts';

export const SPACE = 'space-of-tests';
export const BOARD = 'board-of-tests';
export const SECRET = 'secret-secret-secret-secret';

const SALT = new Uint8Array(16);
const REBASED: ReadonlySet<string> = new Set(['old-base', 'future-base', 'hole', 'repeat']);

type Outcome = { readonly seq: number } | { readonly code: string };

/** A board's log, its fold, and what each session has had settled. */
export class Log {
  readonly id: string;
  board: Board;
  entries: Entry[] = [];
  /** By author and session: outcomes of n = 1, 2, … */
  marks = new Map<string, Outcome[]>();
  /** The log as of each seq, for rolling back. */
  readonly #past: { entries: Entry[]; marks: Map<string, Outcome[]> }[] = [];

  constructor(id: string) {
    this.id = id;
    this.board = newBoard(SPACE, id);
    this.append(foundEntry(SPACE, id, new Uint8Array(32), 'Tests', SALT), 1_000);
  }

  append([head, body]: readonly [Uint8Array, Uint8Array | null], at: number): number {
    this.#past.push({ entries: [...this.entries], marks: new Map([...this.marks].map(([k, v]) => [k, [...v]])) });
    const entry: Entry = [this.board.seq + 1, at, head, body];
    this.entries.push(entry);
    applyEntry(this.board, entry);
    return entry[0];
  }

  /** Lose everything after `seq`, marks included, as a restored backup does. */
  rollBack(seq: number): void {
    const past = this.#past[seq];
    if (past === undefined) return;
    this.entries = past.entries;
    this.marks = past.marks;
    this.#past.length = seq;
    this.board = newBoard(SPACE, this.id);
    for (const entry of this.entries) applyEntry(this.board, entry);
  }

  outcomes(author: string, session: string): Outcome[] {
    const key = `${author} ${session}`;
    const list = this.marks.get(key) ?? [];
    this.marks.set(key, list);
    return list;
  }
}

/** What one participant's socket has under way, both ways. */
export class Wire implements Socket {
  binaryType = 'arraybuffer';
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  isOpen = false;
  isClosed = false;
  author = '';
  session = '';
  readonly boards = new Set<string>();
  /** Answers to `open` that are on their way, by board (PROTOCOL-10). */
  readonly opening = new Map<string, () => void>();
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  send(data: Uint8Array): void {
    if (!this.isOpen || this.isClosed) throw new Error('not open');
    this.toServer.push(data.slice());
  }

  close(): void {
    this.cut();
  }

  /** The connection breaks: what is under way is lost, both ways. */
  cut(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.toServer.length = 0;
    this.toClient.length = 0;
    this.opening.clear();
    this.#server.wires.delete(this);
    this.onclose?.();
  }

  say(frame: FromServer): void {
    this.toClient.push(encode(frame, { ignoreUndefined: true }));
  }
}

export class Server {
  readonly logs = new Map<string, Log>([[BOARD, new Log(BOARD)]]);
  readonly wires = new Set<Wire>();
  readonly names = new Map<string, string>();
  /** What the link allows, and what the door says before anything else. */
  mayEdit = true;
  isDown = false;
  refuseNext: string[] = [];
  /** A tail longer than this comes as a snapshot, unless words are pending. */
  longestTail = 40;
  /** So many entries come behind a snapshot, because it was made a while ago. */
  snapshotAge = 0;
  at = 2_000;
  readonly seen: FromParticipant[] = [];

  get log(): Log {
    return this.logs.get(BOARD) as Log;
  }

  connect(): Wire {
    if (this.isDown) throw new Error('nobody answers');
    const wire = new Wire(this);
    this.wires.add(wire);
    return wire;
  }

  /** Something that can happen next, or null if everything is delivered. */
  get moves(): (() => void)[] {
    const moves: (() => void)[] = [];
    for (const wire of this.wires) {
      if (!wire.isOpen) moves.push(() => this.#welcomeSocket(wire));
      if (wire.toServer.length > 0) moves.push(() => this.#receive(wire));
      if (wire.toClient.length > 0) moves.push(() => this.deliver(wire));
      moves.push(...wire.opening.values());
    }
    return moves;
  }

  #welcomeSocket(wire: Wire): void {
    wire.isOpen = true;
    wire.onopen?.();
  }

  /** Let a participant's next message from the server through. */
  deliver(wire: Wire): void {
    const data = wire.toClient.shift();
    if (data !== undefined) wire.onmessage?.({ data: data.slice().buffer });
  }

  #receive(wire: Wire): void {
    const data = wire.toServer.shift();
    if (data === undefined) return;
    const frame = decode(data) as FromParticipant;
    this.seen.push(frame);
    switch (frame.t) {
      case 'hello':
        this.#hello(wire, frame);
        return;
      case 'open':
        this.#open(wire, frame);
        return;
      case 'leave':
        wire.boards.delete(frame.board);
        wire.opening.delete(frame.board);
        return;
      case 'edit':
        this.#edit(wire, frame);
        return;
      case 'here':
        for (const other of this.wires) {
          if (!other.boards.has(frame.board)) continue;
          const around = { who: wire.session, author: wire.author, here: frame.here };
          other.say({ t: 'presence', board: frame.board, here: [around] });
        }
        return;
      case 'name':
        this.#callMe(wire, frame.name);
        return;
      case 'ping':
        wire.say({ t: 'pong' });
    }
  }

  #callMe(wire: Wire, name: string): void {
    this.names.set(wire.author, name);
    for (const other of this.wires) {
      if (other.author !== '') other.say({ t: 'people', people: [{ author: wire.author, name }] });
    }
  }

  #hello(wire: Wire, hello: FromParticipant & { t: 'hello' }): void {
    if (hello.secret !== SECRET) {
      wire.say({ t: 'bye', code: 'no-such-link', words: '' });
      return;
    }
    const author = authorOf(SPACE, hello.token);
    wire.session = hello.session;
    if (hello.name !== undefined) this.names.set(author, hello.name);
    wire.say({
      t: 'welcome',
      v: PROTOCOL_VERSION,
      space: SPACE,
      title: 'Tests',
      author,
      may_edit: this.mayEdit,
      boards: [...this.logs.keys()].map((board) => ({ board, title: 'A board' })),
      people: [...this.names].map(([author, name]) => ({ author, name })),
      durable: 'fsync',
      now: this.at,
      who: hello.session,
    });
    wire.author = author;
    if (hello.name !== undefined) this.#callMe(wire, hello.name);
  }

  #open(wire: Wire, open: Open): void {
    if (wire.opening.has(open.board)) return;
    if ((open.session ?? wire.session) === wire.session) wire.boards.delete(open.board);
    wire.opening.set(open.board, () => {
      wire.opening.delete(open.board);
      this.#answer(wire, open);
    });
  }

  #answer(wire: Wire, open: Open): void {
    const log = this.logs.get(open.board);
    if (log === undefined) {
      wire.say({ t: 'refuse', code: 'no-such-board', words: '', board: open.board });
      return;
    }
    const session = open.session ?? wire.session;
    const mark = log.outcomes(wire.author, session).length;
    const isAdopting = session !== wire.session && wire.boards.has(open.board);
    const { seq = 0, chain = null } = open;
    const isHeld = seq === 0 || (seq <= log.board.seq && sameBytes(this.#boardAt(log, seq).chain, chain));
    const isShort = log.board.seq - seq <= this.longestTail || open.tail === true;
    const how = isAdopting ? 'tail' : !isHeld ? 'rewound' : isShort ? 'tail' : 'snapshot';
    wire.say({ t: 'opened', board: open.board, seq: log.board.seq, mark, how, session: open.session ?? null });
    if (isAdopting) return;
    wire.boards.add(open.board);
    if (how === 'tail') this.#sayEntries(wire, log, log.entries.slice(seq));
    else this.#saySnapshot(wire, log);
  }

  #saySnapshot(wire: Wire, log: Log): void {
    const seq = Math.max(1, log.board.seq - this.snapshotAge);
    wire.say({ t: 'snapshot', board: log.id, seq, data: gzipSync(toCanonical(this.#boardAt(log, seq))) });
    this.#sayEntries(wire, log, log.entries.slice(seq));
  }

  #boardAt(log: Log, seq: number): Board {
    const board = newBoard(SPACE, log.id);
    for (const entry of log.entries.slice(0, seq)) applyEntry(board, entry);
    return board;
  }

  #sayEntries(wire: Wire, log: Log, entries: readonly Entry[]): void {
    if (entries.length > 0) wire.say({ t: 'entries', board: log.id, entries });
  }

  #edit(wire: Wire, frame: EditFrame): void {
    const log = this.logs.get(frame.board);
    const session = frame.session ?? wire.session;
    const outcome = log === undefined || !wire.boards.has(frame.board) ? { code: 'not-open' } : this.#judge(wire, log, session, frame);
    const adopted = session === wire.session ? null : session;
    if ('seq' in outcome) wire.say({ t: 'ack', board: frame.board, acks: [[frame.n, outcome.seq]], session: adopted });
    else wire.say({ t: 'refuse', code: outcome.code, words: '', board: frame.board, n: frame.n, session: adopted });
  }

  #judge(wire: Wire, log: Log, session: string, frame: EditFrame): Outcome {
    // PROTOCOL-80: a key gives another author, for this group.
    const author = frame.key == null ? wire.author : authorOfKey(SPACE, frame.key);
    const outcomes = log.outcomes(author, session);
    const known = outcomes[frame.n - 1];
    if (known !== undefined) return known; // PROTOCOL-20: answered again as it was
    if (frame.n > outcomes.length + 1) return { code: 'gap' };
    const forced = this.refuseNext.shift();
    if (forced === 'busy' || forced === 'slow-down' || forced === 'read-only') return { code: forced };
    const edits = frame.edits.map(editIn);
    const code = forced ?? (this.mayEdit ? this.#fault(log, author, edits) : 'view-only');
    const outcome: Outcome = code === null ? { seq: log.board.seq + 1 } : { code };
    // The mark moves with the entries, so that a rollback to before them takes it back too.
    if (code === null) this.#append(log, author, edits, () => outcomes.push(outcome));
    else outcomes.push(outcome);
    return outcome;
  }

  #fault(log: Log, author: string, edits: readonly AnyEdit[]): string | null {
    const trial = newBoard(SPACE, log.id);
    Object.assign(trial, { ...log.board, elements: new Map(log.board.elements) });
    for (const edit of edits) {
      const last = trial.elements.get(edit.element)?.hands.get(handKey(author, edit.hand))?.k ?? 0;
      const code = malformed(edit) ?? refusal(trial, author, { ...edit, base: Math.min(edit.base, log.board.seq) }, this.at);
      if (code !== null) return REBASED.has(code) ? 'rebase' : code;
      if (edit.base > log.board.seq || edit.k !== last + 1) return 'rebase'; // PROTOCOL-24
      applyEntry(trial, [trial.seq + 1, this.at, ...encodeEntry(edit, author, SALT)]);
    }
    return null;
  }

  #append(log: Log, author: string, edits: readonly AnyEdit[], settled: () => void): void {
    const from = log.entries.length;
    this.at += 1;
    for (const edit of edits) log.append(encodeEntry(edit, author, SALT), this.at);
    settled();
    const entries = log.entries.slice(from);
    for (const wire of this.wires) if (wire.boards.has(log.id)) this.#sayEntries(wire, log, entries);
  }

  /** Somebody without a client writes. */
  write(author: string, edit: AnyEdit): void {
    this.#append(this.log, author, [edit], () => undefined);
  }
}

function sameBytes(one: Uint8Array, two: Uint8Array | null): boolean {
  return two !== null && one.length === two.length && one.every((byte, i) => byte === two[i]);
}
