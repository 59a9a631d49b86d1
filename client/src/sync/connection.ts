/**
 * One WebSocket to the space, made again whenever it breaks (PROTOCOL-5, -40 to -42).
 *
 * Says hello and hands on what comes; knows nothing of boards. Comes back after a random time that grows (full jitter, so
 * that a hall does not return all at once), at once when the device is online again or a person asks. Does not come back
 * after `no-such-link` and `version`.
 *
 * A connection can die without a word (another Wi-Fi, a laptop that slept). While edits wait for an answer silence is asked
 * about after seconds; otherwise after a while (PROTOCOL-42), and at once when the page or the network was away. What has
 * not answered then is given up: another connection costs little, and what was sent is sent again.
 */

import { BadFrame, decodeFrame, encodeFrame } from '../wire/codec.ts';
import type { FromParticipant, FromServer, Hello, Welcome } from '../wire/types.ts';
import type { Timers } from './timers.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** PROTOCOL-42: silence after which one asks, and then gives up. */
const SILENCE_MS = 20_000;
const ANSWER_MS = 10_000;
/** The same while edits wait for their answer, and when the network may have changed. */
const WAITING_SILENCE_MS = 3_000;
const SOON_MS = 3_000;
/** A slow line must have had the time to carry what was sent: bytes in a ms. */
const SLOWEST = 8;
/** A welcome that doesn't come means a dead end, too. */
const WELCOME_MS = 15_000;
const FINAL: ReadonlySet<string> = new Set(['no-such-link', 'version']);

/** What is used of a WebSocket. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(data: Uint8Array): void;
  close(): void;
}

/** `connecting`: never welcomed yet. `waiting`: between two tries. `gone`: it won't come back by itself. */
export type Link =
  | { readonly kind: 'connecting' | 'welcomed' | 'waiting' | 'offline' }
  | { readonly kind: 'gone'; readonly code: string };

export interface ConnectionEvents {
  /** A new connection was welcomed; all that was open on the one before is closed. */
  welcomed(welcome: Welcome): void;
  frame(frame: FromServer): void;
  /** The link's state changed; with anything but `welcomed`, what was sent may be lost. */
  changed(link: Link): void;
}

export class Connection {
  link: Link = { kind: 'connecting' };
  /** Grows with each welcome: what was meant for one connection is not sent on the next. */
  epoch = 0;
  readonly #open: () => Socket;
  readonly #hello: () => Hello;
  readonly #events: ConnectionEvents;
  readonly #timers: Timers;
  readonly #isOnline: () => boolean;
  #socket: Socket | null = null;
  #tries = 0;
  #stopRetry: () => void = () => undefined;
  #stopWatch: () => void = () => undefined;
  #heard = 0;
  /** How many messages came so far. */
  #frames = 0;
  /** Since when an edit waits for any word at all; null if none does. */
  #waits: number | null = null;
  /** Bytes that were sent since anything was heard. */
  #unheard = 0;
  /** A ping is on its way. */
  #isAsking = false;
  #isClosed = false;

  constructor(
    open: () => Socket,
    hello: () => Hello,
    events: ConnectionEvents,
    timers: Timers,
    isOnline: () => boolean = () => true,
  ) {
    this.#open = open;
    this.#hello = hello;
    this.#events = events;
    this.#timers = timers;
    this.#isOnline = isOnline;
  }

  get isWelcomed(): boolean {
    return this.link.kind === 'welcomed';
  }

  /** Connect now, whatever the back-off says. Harmless while connected. */
  connect(): void {
    if (this.#isClosed || this.#socket !== null) return;
    this.#stopRetry();
    let socket: Socket;
    try {
      socket = this.#open();
    } catch {
      this.#retry(this.#backOff());
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#send(socket, this.#hello());
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = () => this.#lost(socket, this.#backOff());
    this.#watch(socket, WELCOME_MS, () => this.#drop(socket, this.#backOff()));
  }

  /** Send a frame, if connected. What matters is sent again after the next welcome. */
  send(frame: FromParticipant): void {
    const socket = this.#socket;
    if (socket === null || !this.isWelcomed) return;
    this.#send(socket, frame);
    if (frame.t !== 'edit' || this.#waits !== null || socket !== this.#socket) return;
    this.#waits = this.#timers.now();
    if (!this.#isAsking) this.#listen(socket);
  }

  /** Leave this connection and make another, soon. */
  renew(): void {
    if (this.#socket !== null) this.#drop(this.#socket, this.#backOff());
  }

  /** The device says that it is online, or not. */
  online(is: boolean): void {
    if (this.#isClosed || this.link.kind === 'gone') return;
    if (is) {
      this.#tries = 0;
      // What was connected before may be dead, and what is being tried may hang in the network that is gone.
      if (this.#socket === null) this.connect();
      else if (this.isWelcomed) this.#ping(this.#socket, SOON_MS);
      else this.#drop(this.#socket, 0);
    } else if (this.#socket !== null) this.#drop(this.#socket, this.#backOff());
    else this.#set({ kind: 'offline' });
  }

  /** The page is in front again: a sleeping device finds out soon whether its connection lived. */
  awake(): void {
    if (this.#socket === null) this.online(this.#isOnline());
    else if (this.isWelcomed) this.#ping(this.#socket, SOON_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopRetry();
    this.#stopWatch();
    this.#leave();
  }

  #leave(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // Closed already.
    }
  }

  #set(link: Link): void {
    this.link = link;
    this.#events.changed(link);
  }

  #send(socket: Socket, frame: FromParticipant): void {
    try {
      const data = encodeFrame(frame);
      this.#unheard += data.length;
      socket.send(data);
    } catch {
      this.#drop(socket, this.#backOff());
    }
  }

  #received(socket: Socket, data: unknown): void {
    if (socket !== this.#socket || !(data instanceof ArrayBuffer)) return;
    this.#heard = this.#timers.now();
    this.#frames += 1;
    this.#waits = null;
    this.#unheard = 0;
    let frame: FromServer;
    try {
      frame = decodeFrame(new Uint8Array(data));
    } catch (problem) {
      if (!(problem instanceof BadFrame)) throw problem;
      this.#drop(socket, this.#backOff());
      return;
    }
    switch (frame.t) {
      case 'welcome':
        this.#tries = 0;
        this.epoch += 1;
        this.#waits = null;
        this.#listen(socket);
        this.link = { kind: 'welcomed' };
        this.#events.welcomed(frame);
        this.#events.changed(this.link);
        return;
      case 'bye':
        this.#bye(socket, frame.code);
        return;
      case 'moving':
        this.#drop(socket, this.#timers.random() * frame.within_ms);
        return;
      case 'pong':
        return;
      default:
        this.#events.frame(frame);
    }
  }

  #bye(socket: Socket, code: string): void {
    if (!FINAL.has(code)) {
      this.#drop(socket, this.#backOff());
      return;
    }
    this.#stopWatch();
    this.#leave();
    this.#set({ kind: 'gone', code });
  }

  #drop(socket: Socket, wait: number): void {
    if (socket !== this.#socket) return;
    this.#leave();
    this.#ended(wait);
  }

  #lost(socket: Socket, wait: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#ended(wait);
  }

  #ended(wait: number): void {
    this.#stopWatch();
    this.#waits = null;
    this.#unheard = 0;
    this.#isAsking = false;
    if (!this.#isClosed) this.#retry(wait);
  }

  #retry(wait: number): void {
    this.#stopRetry();
    this.#stopRetry = this.#timers.after(wait, () => this.connect());
    const isFirst = this.epoch === 0 && this.#tries <= 1;
    this.#set({ kind: !this.#isOnline() ? 'offline' : isFirst ? 'connecting' : 'waiting' });
  }

  #backOff(): number {
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries);
    this.#tries += 1;
    return this.#timers.random() * most;
  }

  #watch(socket: Socket, ms: number, call: () => void): void {
    this.#stopWatch();
    this.#isAsking = false;
    this.#stopWatch = this.#timers.after(ms, () => {
      if (socket === this.#socket) call();
    });
  }

  /** Ask once it has been silent for too long. */
  #listen(socket: Socket): void {
    const now = this.#timers.now();
    const waiting = this.#waits === null ? Infinity : this.#waits + WAITING_SILENCE_MS;
    const due = Math.min(this.#heard + SILENCE_MS, waiting);
    if (due <= now) this.#ping(socket, this.#waits === null ? ANSWER_MS : SOON_MS);
    else this.#watch(socket, due - now, () => this.#listen(socket));
  }

  #ping(socket: Socket, patience: number): void {
    const asked = this.#frames;
    this.#send(socket, { t: 'ping' });
    if (socket !== this.#socket) return;
    this.#watch(socket, patience + this.#unheard / SLOWEST, () => {
      if (this.#frames === asked) this.#drop(socket, this.#backOff());
      else this.#listen(socket);
    });
    this.#isAsking = true;
  }
}
