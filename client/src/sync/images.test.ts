// Pictures: put down at once, brought when there is somebody to take them, fetched once and checked (PROTOCOL-56).

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { type Page, Table } from '../../tests/support/table.ts';
import { IMAGE_MAX_BYTES } from '../wire/limits.ts';
import { Declined } from './http.ts';
import { MemoryPictures } from './pictures.ts';

const WHERE = { x: 10, y: 20, w: 300, h: 200, alt: 'A table' };

/** The pictures of a server: takes them as they are. */
class Shelf {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly asked: string[] = [];
  /** What is answered instead, the next first. */
  readonly instead: Response[] = [];

  constructor(table: Table) {
    table.fetch = (path, init) => this.#answer(path, init);
  }

  async #answer(path: string, init: RequestInit): Promise<Response> {
    this.asked.push(`${init.method ?? 'GET'} ${path}`);
    const instead = this.instead.shift();
    if (instead !== undefined) return instead;
    if (init.method === 'POST') {
      const bytes = new Uint8Array(await (init.body as Blob).arrayBuffer());
      const asset = bytesToHex(sha256(bytes));
      this.kept.set(asset, bytes);
      return Response.json({ asset, w: 30, h: 20, type: 'image/png', bytes: bytes.length }, { status: 201 });
    }
    const bytes = this.kept.get(path.slice(path.lastIndexOf('/') + 1));
    if (bytes === undefined) return refusal(404, 'no-such-picture');
    return new Response(bytes, { headers: { 'Content-Type': 'image/png' } });
  }
}

function refusal(status: number, code: string): Response {
  return Response.json({ code, words: '…' }, { status });
}

function picture(content = 'points'): Blob {
  return new Blob([content], { type: 'image/png' });
}

async function together(): Promise<{ table: Table; shelf: Shelf; ada: Page; ben: Page }> {
  const table = new Table();
  const shelf = new Shelf(table);
  const ada = await table.device('Ada').page();
  const ben = await table.device('Ben').page();
  await table.settled([ada, ben]);
  return { table, shelf, ada, ben };
}

function assetOn(page: Page, element: string): unknown {
  return page.board.view.elements.get(element)?.props.get('asset') ?? '';
}

function place(page: Page, content?: string): string {
  return page.client.images.placeImage(page.board, picture(content), WHERE) ?? '';
}

async function nothingWaits(table: Table, page: Page): Promise<void> {
  while ((await page.device.pictures.waiting(page.client.space)).length > 0) {
    if (!(await table.move())) table.clock.pass(200);
  }
}

describe('putting a picture down', () => {
  test('shows it at once, and everybody has it when the server has', async () => {
    const { table, shelf, ada, ben } = await together();
    const element = place(ada);
    expect(ada.board.view.elements.get(element)?.words.get('alt')).toBe('A table');
    expect(ada.client.images.waitingUrl(element)).toMatch(/^blob:/);
    await table.until(() => assetOn(ben, element) !== '');
    const [asset = ''] = shelf.kept.keys();
    expect(assetOn(ben, element)).toBe(asset);
    expect(shelf.asked).toEqual([`POST /api/spaces/${ada.client.space}/images`]);
    await nothingWaits(table, ada);
    table.clock.pass(31_000);
    expect(ada.client.images.waitingUrl(element)).toBeNull();
  });

  test('without a network it waits on the device, beyond the page', async () => {
    const { table, shelf, ada, ben } = await together();
    ada.device.isOnline = false;
    ada.cut();
    const element = place(ada);
    await table.until(() => ada.device.told.some(({ code }) => code === 'told.picture-waits'));
    expect(shelf.asked).toEqual([]);
    ada.close();
    ada.device.isOnline = true;
    const again = await ada.device.page();
    await table.until(() => again.client.images.waitingUrl(element) !== null);
    await table.until(() => assetOn(ben, element) !== '');
    expect(shelf.kept.size).toBe(1);
  });

  test('one that is put off is tried again; nothing is told', async () => {
    const { table, shelf, ada, ben } = await together();
    shelf.instead.push(refusal(503, 'away'), refusal(429, 'slow-down'));
    const element = place(ada);
    await table.until(() => shelf.asked.length === 1);
    await table.until(() => {
      table.clock.pass(2_000);
      return assetOn(ben, element) !== '';
    });
    expect(shelf.asked).toHaveLength(3);
    expect(ada.device.told).toEqual([]);
  });

  test.each([
    [413, 'picture-large'],
    [415, 'picture-unread'],
    [409, 'pictures-full'],
  ])('one that is refused for good (%i) is told and set aside', async (status, code) => {
    const { table, shelf, ada } = await together();
    shelf.instead.push(refusal(status, code));
    const element = place(ada);
    await table.until(() => ada.device.told.length > 0);
    expect(ada.device.told).toEqual([{ code: `told.${code}`, element, kept: '' }]);
    expect(ada.board.view.elements.get(element)?.aside).not.toBeNull();
    await nothingWaits(table, ada);
    const next = place(ada, 'another');
    await table.until(() => assetOn(ada, next) !== '');
  });

  test('several come one after the other', async () => {
    const { table, shelf, ada, ben } = await together();
    const elements = ['one', 'two', 'three'].map((content) => place(ada, content));
    await table.until(() => elements.every((element) => assetOn(ben, element) !== ''));
    expect(new Set(elements.map((element) => assetOn(ben, element))).size).toBe(3);
    expect(shelf.asked).toHaveLength(3);
  });

  test('who looks only puts nothing down', async () => {
    const table = new Table();
    const shelf = new Shelf(table);
    table.server.mayEdit = false;
    const eve = await table.device('Eve').page();
    await table.until(() => eve.board.ready);
    expect(eve.client.images.placeImage(eve.board, picture(), WHERE)).toBeNull();
    await expect(eve.client.images.putImage(picture())).rejects.toMatchObject({ code: 'told.view-only' });
    expect(shelf.asked).toEqual([]);
  });

  test('what is no picture, or too large a one, is said before it is sent', async () => {
    const { shelf, ada } = await together();
    const { images } = ada.client;
    const large = new Blob([new Uint8Array(IMAGE_MAX_BYTES + 1)], { type: 'image/jpeg' });
    await expect(images.putImage(large)).rejects.toMatchObject({ code: 'told.picture-large' });
    const drawn = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' });
    await expect(images.putImage(drawn)).rejects.toMatchObject({ code: 'told.picture-unread' });
    expect(shelf.asked).toEqual([]);
  });
});

describe('showing a picture', () => {
  test('fetches it once, and another time from the device', async () => {
    const { table, shelf, ada, ben } = await together();
    const { asset } = await ada.client.images.putImage(picture());
    const urls = await Promise.all([ben.client.images.imageUrl(asset), ben.client.images.imageUrl(asset)]);
    expect(urls[0]).toBe(urls[1]);
    expect(await (await fetch(urls[0])).text()).toBe('points');
    ben.client.images.release(asset);
    ben.client.images.release(asset);
    table.clock.pass(31_000);
    await table.breathe();
    await expect(fetch(urls[0])).rejects.toThrow();
    const later = await ben.client.images.imageUrl(asset);
    expect(await (await fetch(later)).text()).toBe('points');
    expect(shelf.asked.filter((asked) => asked.startsWith('GET'))).toHaveLength(1);
  });

  test('one that is needed again in time keeps its address', async () => {
    const { table, ada } = await together();
    const { asset } = await ada.client.images.putImage(picture());
    const address = await ada.client.images.imageUrl(asset);
    ada.client.images.release(asset);
    table.clock.pass(10_000);
    expect(await ada.client.images.imageUrl(asset)).toBe(address);
    table.clock.pass(60_000);
    await table.breathe();
    expect((await fetch(address)).ok).toBe(true);
  });

  test.each([
    ['other bytes', (): Response => new Response('other', { headers: { 'Content-Type': 'image/png' } }), 'told.no-such-picture'],
    ['a page', (): Response => new Response('points', { headers: { 'Content-Type': 'text/html' } }), 'told.no-such-picture'],
    ['nobody', (): Response => refusal(503, 'away'), 'told.away'],
    ['none', (): Response => refusal(404, 'no-such-picture'), 'told.no-such-picture'],
  ])('%s is no picture, and it may be asked for again', async (_, answer, code) => {
    const { shelf, ada } = await together();
    const { asset } = await ada.client.images.putImage(picture());
    shelf.instead.push(answer());
    const problem: unknown = await ada.client.images.imageUrl(asset).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Declined);
    expect(problem).toMatchObject({ code });
    expect(await ada.client.images.imageUrl(asset)).toMatch(/^blob:/);
  });
});

test('of seen pictures the longest unused go when they are too many bytes', async () => {
  const store = new MemoryPictures(25);
  const bytes = new ArrayBuffer(10);
  for (const [at, asset] of ['a', 'b', 'c'].entries()) await store.keep(asset, { type: 'image/png', bytes }, at);
  expect(await store.seen('a', 3)).toBeNull();
  expect(await store.seen('b', 4)).not.toBeNull();
  await store.keep('d', { type: 'image/png', bytes }, 5);
  expect(await store.seen('c', 6)).toBeNull();
  expect(await store.seen('b', 7)).not.toBeNull();
});
