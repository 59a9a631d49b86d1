import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import type { FromParticipant, FromServer, Hello } from '../wire/types.ts';
import { Connection, type Link, type Socket } from './connection.ts';
import { Chance } from '../../tests/support/chance.ts';
import { Clock } from '../../tests/support/clock.ts';

const HELLO: Hello = { t: 'hello', v: 1, space: 'space-one', secret: 's'.repeat(22), token: 't'.repeat(22), session: 'x'.repeat(16) };
const WELCOME: FromServer = {
  t: 'welcome',
  v: 1,
  space: 'space-one',
  title: '',
  author: 'author-one',
  may_edit: true,
  boards: [],
  people: [],
  durable: 'fsync',
  now: 0,
};

const EDIT: FromParticipant = { t: 'edit', board: 'board-one', n: 1, edits: [] };

class FakeSocket implements Socket {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: Uint8Array[] = [];
  isClosed = false;

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }

  say(frame: FromServer): void {
    this.onmessage?.({ data: encode(frame).slice().buffer });
  }
}

function connection(chance = 0.5, isOnline = (): boolean => true) {
  const clock = new Clock(new Chance(1));
  clock.random = () => chance;
  const sockets: FakeSocket[] = [];
  const links: Link[] = [];
  const frames: FromServer[] = [];
  const open = (): FakeSocket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  };
  const events = {
    welcomed: () => undefined,
    frame: (frame: FromServer) => void frames.push(frame),
    changed: (link: Link) => void links.push(link),
  };
  const it = new Connection(open, () => HELLO, events, clock, isOnline);
  it.connect();
  const last = (): FakeSocket => sockets.at(-1) as FakeSocket;
  const welcome = (): void => {
    last().onopen?.();
    last().say(WELCOME);
  };
  return { it, clock, sockets, links, frames, last, welcome };
}

describe('a connection', () => {
  test('says hello first, sends nothing before it is welcomed, hands on what comes', () => {
    const { it, last, frames, links } = connection();
    it.send({ t: 'leave', board: 'board-one' });
    last().onopen?.();
    it.send({ t: 'leave', board: 'board-one' });
    expect(last().sent).toHaveLength(1);
    last().say(WELCOME);
    it.send({ t: 'leave', board: 'board-one' });
    expect(last().sent).toHaveLength(2);
    last().say({ t: 'boards', boards: [] });
    expect(frames).toEqual([{ t: 'boards', boards: [] }]);
    expect(links).toEqual([{ kind: 'welcomed' }]);
    expect(it.epoch).toBe(1);
  });

  test('comes back with full jitter: up to 0.5 s · 2ⁿ, at most 30 s (PROTOCOL-40)', () => {
    const { clock, sockets, last } = connection(0.5);
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const before = clock.now();
      const count = sockets.length;
      last().onclose?.();
      while (sockets.length === count) clock.pass(10);
      waits.push(clock.now() - before);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test('after a welcome the back-off begins anew', () => {
    const { clock, sockets, last, welcome } = connection(0.5);
    for (let n = 0; n < 5; n += 1) {
      const before = sockets.length;
      last().onclose?.();
      while (sockets.length === before) clock.pass(10);
    }
    welcome();
    const count = sockets.length;
    last().onclose?.();
    clock.pass(250);
    expect(sockets.length).toBe(count + 1);
  });

  test('moving: comes back within the time that was said', () => {
    const { clock, sockets, last, welcome, links } = connection(0.5);
    welcome();
    last().say({ t: 'moving', within_ms: 3_000 });
    expect(sockets[0]?.isClosed).toBe(true);
    expect(links.at(-1)).toEqual({ kind: 'waiting' });
    clock.pass(1_490);
    expect(sockets).toHaveLength(1);
    clock.pass(10);
    expect(sockets).toHaveLength(2);
  });

  test.each(['no-such-link', 'version'])('%s is for good (PROTOCOL-41)', (code) => {
    const { it, clock, sockets, last, links } = connection();
    last().onopen?.();
    last().say({ t: 'bye', code, words: '' });
    clock.pass(600_000);
    it.online(true);
    expect(sockets).toHaveLength(1);
    expect(links.at(-1)).toEqual({ kind: 'gone', code });
  });

  test('after any other goodbye it comes back', () => {
    const { clock, sockets, last, welcome } = connection();
    welcome();
    last().say({ t: 'bye', code: 'behind', words: '' });
    clock.pass(1_000);
    expect(sockets).toHaveLength(2);
  });

  test('asks after 20 s of silence, and gives up 10 s later (PROTOCOL-42)', () => {
    const { clock, sockets, last, welcome } = connection(0);
    welcome();
    clock.pass(19_990);
    expect(last().sent).toHaveLength(1);
    clock.pass(20);
    expect(last().sent).toHaveLength(2);
    last().say({ t: 'pong' });
    clock.pass(25_000);
    expect(sockets).toHaveLength(1);
    clock.pass(40_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  test('while an edit waits it asks after 3 s of silence, and goes on elsewhere 3 s later', () => {
    const { it, clock, sockets, links, last, welcome } = connection(0.5);
    welcome();
    clock.pass(5_000);
    it.send(EDIT);
    clock.pass(2_990);
    expect(last().sent).toHaveLength(2);
    clock.pass(20);
    expect(last().sent).toHaveLength(3); // the ping
    last().say({ t: 'pong' });
    clock.pass(10_000);
    expect(sockets).toHaveLength(1);
    it.send(EDIT);
    clock.pass(6_100);
    expect(links.at(-1)).toEqual({ kind: 'waiting' });
    clock.pass(500);
    expect(sockets).toHaveLength(2);
  });

  test('edits that are answered are no reason to ask', () => {
    const { it, clock, last, welcome } = connection();
    welcome();
    for (let n = 1; n <= 10; n += 1) {
      it.send(EDIT);
      clock.pass(1_000);
      last().say({ t: 'ack', board: 'board-one', acks: [[n, n]] });
      clock.pass(1_000);
    }
    expect(last().sent).toHaveLength(11);
  });

  test('a slow line gets the time to carry what was sent', () => {
    const { it, clock, sockets, welcome } = connection();
    welcome();
    it.send({ t: 'name', name: 'x'.repeat(80_000) });
    it.send(EDIT);
    clock.pass(15_000);
    expect(sockets).toHaveLength(1);
    clock.pass(2_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  test('online again, or on another network: it asks, and does not wait long for the answer', () => {
    const { it, clock, sockets, last, welcome } = connection(0.5);
    welcome();
    it.online(true);
    expect(last().sent).toHaveLength(2);
    clock.pass(3_400);
    expect(sockets).toHaveLength(2);
    it.online(true); // what is being tried may hang in the network that is gone
    expect(sockets[1]?.isClosed).toBe(true);
    clock.pass(1);
    expect(sockets).toHaveLength(3);
  });

  test('a device that wakes up asks at once whether its connection lived', () => {
    const { it, last, welcome } = connection();
    welcome();
    it.awake();
    expect(last().sent).toHaveLength(2);
  });

  test('offline and online, as the device says', () => {
    let isOnline = true;
    const { it, clock, sockets, welcome, links } = connection(0.5, () => isOnline);
    welcome();
    isOnline = false;
    it.online(false);
    expect(links.at(-1)).toEqual({ kind: 'offline' });
    expect(sockets[0]?.isClosed).toBe(true);
    isOnline = true;
    it.online(true);
    expect(sockets).toHaveLength(2);
    clock.pass(1_000);
    expect(sockets).toHaveLength(2);
  });

  test('bytes that are no frame end the connection, not the page', () => {
    const { clock, sockets, last, welcome } = connection();
    welcome();
    last().onmessage?.({ data: new Uint8Array([0xc1]).buffer });
    clock.pass(1_000);
    expect(sockets).toHaveLength(2);
    last().onmessage?.({ data: 'words' }); // text is no message of this protocol
    expect(sockets).toHaveLength(2);
  });

  test('closed is closed', () => {
    const { it, clock, sockets, welcome } = connection();
    welcome();
    it.close();
    clock.pass(100_000);
    it.connect();
    expect(sockets).toHaveLength(1);
  });
});
