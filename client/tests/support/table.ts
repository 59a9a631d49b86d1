// Participants at one server in memory: clients with device stores that outlive their pages.

import { gunzipSync } from 'fflate';
import { canonicalHash } from '../../src/core/canonical.ts';
import type { Fetch } from '../../src/sync/http.ts';
import type { Keep } from '../../src/sync/identity.ts';
import type { BoardReplica, Told } from '../../src/sync/interface.ts';
import { MemoryPictures } from '../../src/sync/pictures.ts';
import { MemoryStore, type PendingStore } from '../../src/sync/pending.ts';
import { Client } from '../../src/sync/space.ts';
import type { Channel } from '../../src/sync/tab.ts';
import type { Timers } from '../../src/sync/timers.ts';
import { Chance } from './chance.ts';
import { Clock } from './clock.ts';
import { BOARD, SECRET, Server, SPACE, type Wire } from './server.ts';

/** A store as IndexedDB is one: it outlives the page. */
class LastingStore extends MemoryStore {
  override readonly isLasting = true;
}

function memoryKeep(): Keep {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** All tabs of one device hear each other. */
class Air {
  readonly #hearers = new Set<readonly [Channel, (message: unknown) => void]>();

  channel(): Channel {
    const channel: Channel = {
      postMessage: (message) => {
        for (const [other, heard] of [...this.#hearers]) if (other !== channel) heard(message);
      },
      listen: (heard) => void this.#hearers.add([channel, heard]),
      close: () => {
        for (const entry of [...this.#hearers]) if (entry[0] === channel) this.#hearers.delete(entry);
      },
    };
    return channel;
  }
}

/** One participant's device: what outlives its pages. */
export class Device {
  readonly store: PendingStore;
  readonly keep = memoryKeep();
  readonly air = new Air();
  readonly told: Told[] = [];
  readonly pictures = new MemoryPictures();
  readonly name: string;
  isOnline = true;
  readonly #table: Table;

  constructor(table: Table, name: string, store: PendingStore = new LastingStore()) {
    this.#table = table;
    this.name = name;
    this.store = store;
  }

  /** Open a page. */
  async page(secret = SECRET): Promise<Page> {
    const life = new Life(this.#table, this);
    const client = new Client({
      space: SPACE,
      secret,
      name: this.name,
      openSocket: () => life.connect(),
      openStore: () => Promise.resolve(life.store),
      channel: life.channel,
      keep: this.keep,
      timers: life,
      isOnline: () => this.isOnline,
      fetch: (path, init) => this.#table.fetch(path, init),
      openPictures: () => Promise.resolve(this.pictures),
      unpack: (data) => this.#table.unpack(data),
    });
    client.onTold((told) => void this.told.push(told));
    const opening = client.open(BOARD);
    await this.#table.until(() => isDone(opening));
    return new Page(this, client, await opening, life);
  }
}

/** A page's life: what it reaches of the world. When it ends, nothing reaches it and nothing it does reaches anything. */
class Life implements Timers {
  readonly channel: Channel;
  readonly store: PendingStore;
  readonly #table: Table;
  readonly #device: Device;
  #isOver = false;
  #isFrozen = false;
  #late: (() => void)[] = [];
  #wire: Wire | null = null;

  constructor(table: Table, device: Device) {
    this.#table = table;
    this.#device = device;
    const channel = device.air.channel();
    this.channel = {
      postMessage: (message) => channel.postMessage(message),
      listen: (heard) => channel.listen((message) => void (this.#isFrozen || heard(message))),
      close: () => channel.close(),
    };
    this.store = new Proxy(device.store, {
      get: (store, name) => {
        const value: unknown = Reflect.get(store, name, store);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => (this.#isOver ? new Promise(() => undefined) : Reflect.apply(value, store, given));
      },
    });
  }

  connect(): Wire {
    if (this.#isOver || this.#isFrozen || !this.#device.isOnline) throw new Error('offline');
    this.#wire = this.#table.server.connect();
    return this.#wire;
  }

  now(): number {
    return this.#table.clock.now();
  }

  date(): number {
    return this.#table.clock.date();
  }

  random(): number {
    return this.#table.clock.random();
  }

  after(ms: number, call: () => void): () => void {
    let isOff = false;
    const now = (): void => {
      if (this.#isFrozen) this.#late.push(now);
      else if (!this.#isOver && !isOff) call();
    };
    const stop = this.#table.clock.after(ms, now);
    return () => {
      isOff = true;
      stop();
    };
  }

  /** The browser stops the page: it hears nothing and does nothing until it thaws. */
  freeze(): void {
    this.#isFrozen = true;
    this.cut();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const call of this.#late.splice(0)) call();
  }

  /** The connection breaks. */
  cut(): void {
    this.#wire?.cut();
  }

  end(): void {
    this.#isOver = true;
    this.channel.close();
    if (this.#wire !== null) this.#wire.onclose = null;
    this.cut();
  }
}

/** A promise is done, once its callbacks had a turn. */
const done = new WeakSet<Promise<unknown>>();
function isDone(promise: Promise<unknown>): boolean {
  void promise.then(() => done.add(promise));
  return done.has(promise);
}

export class Page {
  readonly device: Device;
  readonly client: Client;
  readonly board: BoardReplica;
  readonly #life: Life;

  constructor(device: Device, client: Client, board: BoardReplica, life: Life) {
    this.device = device;
    this.client = client;
    this.board = board;
    this.#life = life;
  }

  text(element: string): string {
    return this.board.view.elements.get(element)?.text() ?? '';
  }

  /** The Wi-Fi fails for a moment. */
  cut(): void {
    this.#life.cut();
  }

  freeze(): void {
    this.#life.freeze();
  }

  thaw(): void {
    this.#life.thaw();
  }

  /** The page is closed as browsers close it. */
  close(): void {
    this.client.close();
  }

  /** The browser dies: nothing is said and nothing is kept any more. */
  crash(): void {
    this.#life.end();
  }
}

export class Table {
  readonly chance: Chance;
  readonly clock: Clock;
  readonly server = new Server();
  readonly #unpacking = new Set<() => void>();
  /** What answers to HTTP. */
  fetch: Fetch = () => Promise.reject(new Error('nobody answers'));

  constructor(seed?: number) {
    this.chance = new Chance(seed);
    this.clock = new Clock(this.chance);
  }

  /** Ids by this table's chance too, so that a run can be repeated to the letter. */
  seedIds(): void {
    const { chance } = this;
    const getRandomValues = (bytes: Uint8Array): Uint8Array => bytes.map(() => chance.below(256));
    Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues }, configurable: true });
  }

  device(name: string, store?: PendingStore): Device {
    return new Device(this, name, store);
  }

  /** A browser unpacks in a thread of its own, which no clock of a test waits for: so here that is one more move. */
  async unpack(data: Uint8Array): Promise<Uint8Array> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#unpacking.delete(done);
        resolve();
      };
      this.#unpacking.add(done);
    });
    return gunzipSync(data);
  }

  /** Let promises have their turn. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Let one message through or one snapshot be unpacked, whichever comes; false if there is none. */
  async move(): Promise<boolean> {
    const moves = [...this.server.moves, ...this.#unpacking];
    if (moves.length > 0) this.chance.of(moves)();
    await this.breathe();
    return moves.length > 0;
  }

  /** Let everything through until a condition holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let idle = 0; !condition(); ) {
      if (await this.move()) idle = 0;
      else {
        idle += 1;
        this.clock.pass(200);
        if (idle > 3_000) throw new Error(`it never came (seed ${this.chance.seed})`);
      }
    }
  }

  /** Until nobody has anything pending and all hold the log's tip. */
  async settled(pages: readonly Page[]): Promise<void> {
    await this.until(() => pages.every((page) => this.#isSettled(page)));
  }

  /** Until nothing that a closed or killed page left is left on these pages' devices. Leases run out meanwhile. */
  async nothingLeft(pages: readonly Page[]): Promise<void> {
    for (let i = 0; await this.#isAnythingLeft(pages); i += 1) {
      if (i > 200) throw new Error(`something is left (seed ${this.chance.seed})`);
      this.clock.pass(1_000);
      while (await this.move());
    }
    await this.settled(pages);
  }

  async #isAnythingLeft(pages: readonly Page[]): Promise<boolean> {
    const left = pages.map(({ device, client }) => device.store.left(client.space, client.author));
    return (await Promise.all(left)).some((tabs) => tabs.length > 0);
  }

  #isSettled({ client, board }: Page): boolean {
    return client.status.kind === 'saved' && board.ready && board.confirmed.seq === this.server.log.board.seq && board.unsaved.size === 0;
  }

  hash(): string {
    return canonicalHash(this.server.log.board);
  }
}
