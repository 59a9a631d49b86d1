/**
 * One space in one tab: the connection, its boards, people and status (`SpaceClient`).
 *
 * The space works without its server: what this device knows of it is shown at once, and edits wait on the device. Boards
 * that a closed tab left edits on are opened in the background until these are safe.
 */

import { PROTOCOL_VERSION } from '../wire/codec.ts';
import { SPACE_MAX_TITLE } from '../wire/limits.ts';
import type { FromServer, Hello, Links, Welcome } from '../wire/types.ts';
import { BoardClient, type BoardHost } from './board.ts';
import { Connection, type Link, type Socket } from './connection.ts';
import { Declined, type Fetch, Http } from './http.ts';
import { gunzip } from './gunzip.ts';
import { authorOf, browserKeep, type Keep, markOf, newSession, tokenOf } from './identity.ts';
import { type ImageHost, SpaceImages } from './images.ts';
import type { BoardInfo, BoardReplica, Kept, PersonInfo, SpaceClient, Status, Told } from './interface.ts';
import { watchPage } from './page.ts';
import { DevicePictures, type PictureStore } from './pictures.ts';
import { DeviceStore, MemoryStore, type PendingStore, type SpaceRecord } from './pending.ts';
import { browserChannel, type Channel, Tab } from './tab.ts';
import { fittingLine, fittingName } from './names.ts';
import { bringBack } from './rescue.ts';
import { browserTimers, type Timers } from './timers.ts';

export const ADOPT_MS = 10_000;
/** Where a server lost a space that this device knows, it knocks again this often, after 2 to 8 s each. */
const MOST_KNOCKS = 10;
const KNOCK_MS = 2_000;

/** What opens a space: its link, and the name one goes by. The rest is the browser's, or a test's. */
export interface Joining {
  readonly space: string;
  readonly secret: string;
  readonly name?: string;
  /** Where the WebSocket is, e.g. `wss://table.example/ws`. */
  readonly address?: string;
  readonly openSocket?: () => Socket;
  readonly openStore?: () => Promise<PendingStore>;
  readonly channel?: Channel | null;
  readonly keep?: Keep;
  readonly timers?: Timers;
  readonly isOnline?: () => boolean;
  readonly fetch?: Fetch;
  readonly openPictures?: () => Promise<PictureStore>;
  readonly unpack?: (data: Uint8Array) => Promise<Uint8Array>;
}

function hereAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

/** Sit down at a table. Answers at once; the connection and the device's store follow. */
export function joinSpace(joining: Joining): SpaceClient {
  const client = new Client(joining);
  client.watchPage();
  return client;
}

export class Client implements SpaceClient {
  readonly space: string;
  readonly author: string;
  title = '';
  /** What the link allows; nothing, until that is known. */
  mayEdit = false;
  boards: readonly BoardInfo[] = [];
  name: string;
  readonly images: SpaceImages;
  readonly #joining: Joining;
  readonly #token: string;
  readonly #timers: Timers;
  /** How far the server's clock is ahead of this device's, in ms: devices' clocks are wrong by hours. */
  #ahead = 0;
  readonly #keep: Keep;
  readonly #connection: Connection;
  readonly #people = new Map<string, PersonInfo>();
  readonly #open = new Map<string, BoardClient>();
  readonly #starting = new Map<string, Promise<BoardClient>>();
  /** Boards that the screens have asked for and not closed. */
  readonly #wanted = new Set<string>();
  /** Boards on which a picture is to be named. */
  readonly #pictured = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(told: Told) => void>();
  readonly #untold: Told[] = [];
  readonly #stops: (() => void)[] = [];
  readonly #begun: Promise<void>;
  /** Resolves once it is known what the link allows, or that it opens nothing. */
  readonly #known: Promise<void>;
  #setKnown: () => void = () => undefined;
  readonly #link: string;
  readonly #http: Http;
  #store: PendingStore = new MemoryStore();
  #tab: Tab;
  #who = '';
  #saidStore = false;
  #isClosed = false;
  #isBringing = false;
  #knocks = 0;
  #links: Links | null = null;
  #stopAdopting: () => void = () => undefined;

  constructor(joining: Joining) {
    this.#joining = joining;
    this.#keep = joining.keep ?? browserKeep();
    this.#timers = joining.timers ?? browserTimers;
    this.space = joining.space;
    this.name = fittingName(joining.name ?? '');
    this.#link = markOf(joining.secret);
    this.#http = new Http(joining.space, joining.secret, '', joining.fetch);
    this.#known = new Promise((resolve) => (this.#setKnown = resolve));
    this.#token = tokenOf(joining.space, this.#keep);
    this.author = authorOf(joining.space, this.#token);
    this.#tab = this.#newTab(joining.channel === undefined ? browserChannel() : joining.channel);
    const address = joining.address;
    const openSocket = joining.openSocket ?? (() => new WebSocket(address ?? hereAddress()) as unknown as Socket);
    const events = {
      welcomed: (welcome: Welcome) => this.#welcomed(welcome),
      frame: (frame: FromServer) => this.#frame(frame),
      changed: (link: Link) => this.#linkChanged(link),
    };
    const isOnline = joining.isOnline ?? (() => navigator.onLine);
    this.#connection = new Connection(openSocket, () => this.#hello(), events, this.#timers, isOnline);
    this.#begun = this.#begin();
    this.images = new SpaceImages(this.#imageHost());
  }

  #imageHost(): ImageHost {
    const client = this;
    return {
      space: client.space,
      http: client.#http,
      timers: client.#timers,
      get mayEdit() {
        return client.mayEdit;
      },
      get isWelcomed() {
        return client.#connection.isWelcomed;
      },
      tell: (told) => client.#tell(told),
      board: (board) => {
        client.#pictured.add(board);
        return client.#board(board);
      },
      kept: async (board) => client.#open.get(board)?.following.kept(),
      done: (board) => {
        client.#pictured.delete(board);
        client.#open.get(board)?.leaveIfDone();
      },
      openStore: client.#joining.openPictures ?? (() => DevicePictures.open()),
    };
  }

  /** The device's store first: the tab must hold its lease before anything is kept under its name. */
  async #begin(): Promise<void> {
    this.#store = await (this.#joining.openStore ?? (() => DeviceStore.open()))();
    await this.#tab.renew();
    const known = await this.#store.space(this.space).catch(() => null);
    if (known !== null && !this.#connection.isWelcomed) this.#know(known);
    if (!this.#isClosed) this.#connection.connect();
    this.#adoptLater();
  }

  #newTab(channel: Channel | null): Tab {
    const id = newSession();
    const tab = new Tab(id, this.space, this.author, () => this.#store, this.#timers, channel, this.#keep);
    tab.onLeft = () => void this.#adopt();
    tab.onClaimed = () => this.#startOver();
    return tab;
  }

  #know({ title, mayEdit, boards, link }: SpaceRecord): void {
    this.title = title;
    this.boards = boards;
    if (link === this.#link) {
      this.mayEdit = mayEdit;
      this.#setKnown();
    }
    this.#changed();
  }

  // ---- what the screens see ---------------------------------------------------------------------------------------

  get status(): Status {
    const link = this.#connection.link;
    const pending = this.#pending();
    const kept = this.#kept();
    switch (link.kind) {
      case 'welcomed':
        if (pending > 0) return { kind: 'saving', pending, kept };
        // Before a board is compared with the log, nobody knows whether that still has all that was acked.
        return this.#isCurrent ? { kind: 'saved' } : { kind: 'connecting' };
      case 'waiting':
        return { kind: 'reconnecting', pending, kept };
      case 'connecting':
        return pending === 0 ? { kind: 'connecting' } : { kind: 'reconnecting', pending, kept };
      case 'offline':
        return { kind: 'offline', pending, kept };
      case 'gone':
        return { kind: 'gone', code: link.code, pending, kept };
    }
  }

  get #isCurrent(): boolean {
    for (const board of this.#open.values()) if (board.isStarted && !board.following.isCurrent) return false;
    return true;
  }

  /** Where the pending edits of all boards are, at the least. */
  #kept(): Kept {
    const where = new Set([...this.#open.values()].map((board) => board.following.where));
    return where.has('page') ? 'page' : where.has('writing') ? 'writing' : 'device';
  }

  #pending(): number {
    let pending = 0;
    for (const board of this.#open.values()) pending += board.pending;
    return pending;
  }

  get people(): ReadonlyMap<string, PersonInfo> {
    return this.#people;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was told before anybody listened is told now. */
  onTold(listener: (told: Told) => void): () => void {
    this.#hearers.add(listener);
    for (const told of this.#untold.splice(0)) listener(told);
    return () => this.#hearers.delete(listener);
  }

  #tell(told: Told): void {
    if (this.#hearers.size === 0) this.#untold.push(told);
    for (const hearer of [...this.#hearers]) hearer(told);
  }

  /** The server has nothing of this space: bring what this device holds of it. */
  async #bringAll(): Promise<void> {
    const known = await this.#store.space(this.space).catch(() => null);
    // The space's own log is a board too (FOLD-100), and the first: a server that has none founds another.
    if (known !== null) await this.#bring([this.space, ...known.boards.map(({ board }) => board)]);
  }

  /** Bring boards back that the server lost (PROTOCOL-66), one after the other, and go on. */
  async #bring(boards: readonly string[]): Promise<void> {
    if (this.#isBringing || this.#isClosed) return;
    this.#isBringing = true;
    const came = new Set<string>();
    try {
      await Promise.all([...this.#open.values()].map((board) => board.following.keptLog.save()));
      const known = await this.#store.space(this.space).catch(() => null);
      for (const board of known === null ? [] : boards) {
        const brought = await bringBack(this.#store, this.#http, known as SpaceRecord, board);
        came.add(brought);
        if (brought === 'back') this.#tell({ code: 'told.put-back', element: null, kept: '' });
      }
    } finally {
      this.#isBringing = false;
    }
    if (this.#isClosed) return;
    if (this.#connection.isWelcomed && came.has('back')) this.#connection.renew();
    else if (!this.#connection.isWelcomed && (came.has('back') || came.has('there'))) this.#connection.connect();
    else if (came.has('later') || (came.size > 0 && !this.#connection.isWelcomed)) this.#knockLater();
  }

  /** A whole hall brings at once, and a server takes two at a time: somebody else's may be there by then. */
  #knockLater(): void {
    if (this.#knocks++ >= MOST_KNOCKS) return;
    this.#timers.after(KNOCK_MS * (1 + 3 * this.#timers.random()), () => {
      if (this.#isClosed) return;
      if (this.#connection.isWelcomed) this.#connection.renew();
      else this.#connection.connect();
    });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Go by this name from now on; the empty name is nobody in particular. */
  rename(name: string): void {
    this.name = fittingName(name);
    this.#called(this.author, this.name);
    this.#connection.send({ t: 'name', name: this.name });
    this.#changed();
  }

  #called(author: string, name: string): void {
    if (name === '') this.#people.delete(author);
    else this.#people.set(author, { author, name });
  }

  retry(): void {
    this.#connection.connect();
  }

  // ---- boards -----------------------------------------------------------------------------------------------------

  async newBoard(title: string): Promise<string> {
    const line = fittingLine(title, SPACE_MAX_TITLE);
    if (line === '') throw new Declined('told.bad-title');
    if (!this.#connection.isWelcomed) throw new Declined('told.away');
    if (!this.mayEdit) throw new Declined('told.view-only');
    const body = JSON.stringify({ title: line });
    const made = await this.#http.json('/boards', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    const board = String(made['board'] ?? '');
    if (board === '') throw new Declined('told.away');
    // The frame that tells all may be before the answer or after it.
    if (!this.boards.some((one) => one.board === board)) this.#setBoards([...this.boards, { board, title: line }]);
    return board;
  }

  #setBoards(boards: readonly BoardInfo[]): void {
    this.boards = boards;
    for (const info of boards) {
      const open = this.#open.get(info.board);
      if (open !== undefined) open.info = info;
    }
    this.#keepSpace();
    this.#changed();
  }

  async open(board: string): Promise<BoardReplica> {
    this.#wanted.add(board);
    return this.#board(board);
  }

  async #board(board: string): Promise<BoardClient> {
    const starting = this.#starting.get(board) ?? this.#start(board);
    this.#starting.set(board, starting);
    return starting;
  }

  async #start(board: string): Promise<BoardClient> {
    await this.#begun;
    await this.#known;
    const info = this.boards.find((one) => one.board === board) ?? { board, title: '' };
    const client = new BoardClient(info, this.#host());
    this.#open.set(board, client);
    await client.start();
    if (this.#open.get(board) === client && this.#connection.isWelcomed) client.connected(this.#who);
    this.#changed();
    return client;
  }

  #host(): BoardHost {
    const client = this;
    return {
      space: client.space,
      author: client.author,
      timers: client.#timers,
      clock: () => client.#timers.date() + client.#ahead,
      get store() {
        return client.#store;
      },
      get tab() {
        return client.#tab;
      },
      get mayEdit() {
        return client.mayEdit;
      },
      get epoch() {
        return client.#connection.isWelcomed ? client.#connection.epoch : null;
      },
      send: (frame) => client.#connection.send(frame),
      unpack: client.#joining.unpack ?? gunzip,
      tell: (told) => client.#tell(told),
      cannotKeep: () => client.#cannotKeep(),
      changed: () => client.#boardChanged(),
      kept: () => client.#changed(),
      isWanted: (board) => client.#wanted.has(board) || client.#pictured.has(board),
      closed: (board) => void client.#wanted.delete(board),
      left: (board) => client.#left(board),
      reconnect: () => client.#connection.renew(),
      http: client.#http,
      lost: (board) => void client.#bring([board]),
    };
  }

  #boardChanged(): void {
    if (!this.#store.isLasting && this.#pending() > 0) this.#cannotKeep();
    this.#changed();
  }

  /** Said once: what this device can't keep is lost with the page. */
  #cannotKeep(): void {
    if (this.#saidStore) return;
    this.#saidStore = true;
    this.#tell({ code: 'told.store', element: null, kept: '' });
  }

  #left(board: BoardClient): void {
    if (this.#open.get(board.info.board) !== board) return;
    this.#open.delete(board.info.board);
    this.#starting.delete(board.info.board);
  }

  #adoptLater(): void {
    if (this.#isClosed) return;
    this.#stopAdopting = this.#timers.after(ADOPT_MS, () => {
      void this.#adopt().finally(() => this.#adoptLater());
    });
  }

  /** Take over what closed tabs left, on open boards and on others of this space. */
  async #adopt(): Promise<void> {
    if (!this.#connection.isWelcomed || !this.mayEdit || this.#isClosed) return;
    try {
      const boards = new Set((await this.#tab.gone()).flatMap((gone) => gone.boards));
      for (const board of boards) {
        const isOpen = this.#starting.has(board);
        const client = await this.#board(board);
        if (isOpen) await client.following.adopt();
        else client.leaveIfDone(); // stays until its edits are safe, and longer if the screens open it
      }
      // What an earlier page left without a name goes out too, each at its moment.
      const waiting = (await this.#store.anonymous(this.space)).filter(({ slips }) => slips.length > 0);
      for (const board of new Set(waiting.map((own) => own.board))) {
        if (!this.#starting.has(board)) (await this.#board(board)).leaveIfDone();
      }
      await this.#store.tidy(this.space, this.#timers.date());
    } catch {
      this.#cannotKeep();
    }
  }

  /** Another tab has claimed what this one kept, because it was frozen: go on as a new tab. */
  #startOver(): void {
    if (this.#isClosed) return;
    this.#tab.retire();
    this.#tab = this.#newTab(this.#tab.channel);
    void this.#tab.renew();
    for (const board of this.#open.values()) board.following.abandon();
    this.#connection.renew();
  }

  // ---- the connection ---------------------------------------------------------------------------------------------

  #hello(): Hello {
    const { space, name } = this;
    const hello = { space, secret: this.#joining.secret, token: this.#token, session: this.#tab.id };
    return { t: 'hello', v: PROTOCOL_VERSION, ...hello, ...(name === '' ? {} : { name }) };
  }

  #welcomed(welcome: Welcome): void {
    this.#who = welcome.who ?? '';
    this.#links = welcome.links ?? null;
    this.#ahead = welcome.now - this.#timers.date();
    this.#people.clear();
    for (const { author, name = '' } of welcome.people) this.#called(author, name);
    if (this.name !== '') this.#called(this.author, this.name);
    const boards = welcome.boards.map(({ board, title = '' }) => ({ board, title }));
    this.#know({ space: this.space, title: welcome.title, link: this.#link, mayEdit: welcome.may_edit, boards });
    this.#keepSpace();
    for (const board of this.#open.values()) board.connected(this.#who);
    void this.#adopt();
    this.images.send();
  }

  #keepSpace(): void {
    const { space, title, mayEdit, boards } = this;
    const links = this.#links;
    void this.#store.keepSpace({ space, title, link: this.#link, mayEdit, boards, links }).catch(() => undefined);
  }

  #linkChanged(link: Link): void {
    if (link.kind === 'gone') this.#setKnown();
    if (link.kind === 'gone' && link.code === 'no-such-link') void this.#bringAll();
    if (link.kind !== 'welcomed') for (const board of this.#open.values()) board.disconnected();
    this.#changed();
  }

  #frame(frame: FromServer): void {
    switch (frame.t) {
      case 'opened':
      case 'snapshot':
      case 'entries':
      case 'tip':
      case 'ack':
      case 'presence':
        this.#open.get(frame.board)?.receive(frame);
        return;
      case 'refuse':
        if (frame.board != null) this.#open.get(frame.board)?.receive(frame);
        else if (frame.code === 'bad-name') this.#tell({ code: 'told.bad-name', element: null, kept: this.name });
        return;
      case 'withdrawn':
        this.#tell({ code: frame.elements > 0 ? 'told.takenBack' : 'told.nothingToTakeBack', element: null, kept: '' });
        return;
      case 'people':
        for (const { author, name = '' } of frame.people) this.#called(author, name);
        this.#changed();
        return;
      case 'boards':
        this.#setBoards(frame.boards.map(({ board, title = '' }) => ({ board, title })));
        return;
      case 'welcome':
      case 'moving':
      case 'bye':
      case 'pong':
    }
  }

  // ---- the page ---------------------------------------------------------------------------------------------------

  /** Follow what the browser says of the page: online, in front, going away. */
  watchPage(): void {
    this.#stops.push(
      watchPage({
        online: (is) => this.#connection.online(is),
        awake: () => this.#connection.awake(),
        save: () => this.#save(),
        leave: () => this.#tab.leave(),
      }),
    );
  }

  #save(): void {
    for (const board of this.#open.values()) board.following.save();
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#stopAdopting();
    this.#save();
    for (const board of this.#open.values()) board.stop();
    this.#connection.close();
    this.images.close();
    void Promise.all([...this.#open.values()].map((board) => board.following.kept())).finally(() => this.#tab.leave());
  }
}
