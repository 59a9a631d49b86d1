// Several pages of one participant on one device: what one leaves behind, another sends, once (PROTOCOL-25).

import { describe, expect, test } from 'vitest';
import { LEASE_MS } from './pending.ts';
import { ADOPT_MS } from './space.ts';
import { type Device, type Page, Table } from '../../tests/support/table.ts';

async function alone(): Promise<{ table: Table; device: Device; page: Page; note: string }> {
  const table = new Table();
  const device = table.device('Ada');
  const page = await device.page();
  const [note = ''] = page.board.add([{ type: 'note', values: {}, text: 'Hello' }]);
  await table.settled([page]);
  return { table, device, page, note };
}

/** Nobody answers, and the page does not know. */
function offline(device: Device, page: Page): void {
  device.isOnline = false;
  page.cut();
}

function logged(table: Table, note: string): string {
  return table.server.log.board.elements.get(note)?.text() ?? '';
}

describe('a page that was closed', () => {
  test('its edits show on the next page before the server answers, and are sent under its own session', async () => {
    const { table, device, page, note } = await alone();
    offline(device, page);
    page.board.type(note, 'text', 5, 0, ' again');
    const [fresh = ''] = page.board.add([{ type: 'note', values: {}, text: 'new' }]);
    await table.breathe();
    page.close();
    await table.breathe();
    const next = await device.page();
    expect(next.text(note)).toBe('Hello again');
    expect(next.text(fresh)).toBe('new');
    expect(next.client.author).toBe(page.client.author);
    expect(next.client.status).toEqual({ kind: 'offline', pending: 2, kept: 'device' });
    device.isOnline = true;
    await table.settled([next]);
    expect(logged(table, note)).toBe('Hello again');
    expect(logged(table, fresh)).toBe('new');
    const sent = table.server.seen.filter((frame) => frame.t === 'edit');
    expect(sent.at(-1)?.session).toBeDefined(); // that of the closed page
  });

  test('words written on top of what it left come after that', async () => {
    const { table, device, page, note } = await alone();
    offline(device, page);
    page.board.type(note, 'text', 5, 0, ' one');
    await table.breathe();
    page.close();
    await table.breathe();
    const next = await device.page();
    next.board.type(note, 'text', 9, 0, ' two');
    await table.breathe();
    next.close();
    await table.breathe();
    const last = await device.page();
    last.board.type(note, 'text', 13, 0, ' three');
    expect(last.text(note)).toBe('Hello one two three');
    device.isOnline = true;
    await table.settled([last]);
    expect(logged(table, note)).toBe('Hello one two three');
  });

  test('what had reached the log already is not written twice', async () => {
    const { table, device, page, note } = await alone();
    page.board.type(note, 'text', 5, 0, '!');
    await table.until(() => logged(table, note) === 'Hello!');
    page.crash(); // before the answer came
    const next = await device.page();
    await table.nothingLeft([next]);
    expect(logged(table, note)).toBe('Hello!');
  });

  test('opens at once from what the device kept, also offline', async () => {
    const { table, device, page, note } = await alone();
    table.clock.pass(10_000);
    page.close();
    await table.breathe();
    device.isOnline = false;
    const next = await device.page();
    expect(next.text(note)).toBe('Hello');
    expect(next.board.ready).toBe(false);
    expect(next.client.title).toBe('Tests');
    expect(next.board.info.title).toBe('A board');
    device.isOnline = true;
    next.client.retry();
    await table.settled([next]);
    const opened = table.server.seen.filter((frame) => frame.t === 'open').at(-1);
    expect(opened?.seq).toBe(page.board.confirmed.seq); // only what is new was asked for
  });
});

describe('another link', () => {
  test('of the same space is asked for what it allows before anything can be written', async () => {
    const { table, device, page, note } = await alone();
    page.close();
    table.server.mayEdit = false;
    const looking = await device.page(); // the device knows this link: shown at once, corrected by the welcome
    await table.settled([looking]);
    expect(looking.board.mayEdit).toBe(false);
    expect(looking.text(note)).toBe('Hello');
    device.isOnline = false;
    looking.cut();
    const again = await device.page();
    expect(again.board.mayEdit).toBe(false);
  });
});

describe('two pages at once', () => {
  test('do not fight: each sends its own, under its own session', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    offline(device, page);
    second.cut();
    page.board.type(note, 'text', 0, 0, 'A');
    second.board.type(note, 'text', 5, 0, 'B');
    table.clock.pass(LEASE_MS * 3);
    await table.breathe();
    device.isOnline = true;
    await table.settled([page, second]);
    expect(logged(table, note)).toBe('AHelloB');
    expect(page.text(note)).toBe(second.text(note));
  });

  test('the one that stays takes over what the one that goes could not send', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    offline(device, second);
    second.board.type(note, 'text', 5, 0, ' from the second');
    await table.breathe();
    second.close();
    await table.breathe();
    device.isOnline = true;
    await table.until(() => logged(table, note) === 'Hello from the second');
    await table.settled([page]);
    expect(page.text(note)).toBe('Hello from the second');
  });

  test('as soon as its own is saved, without waiting for the next look around', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    offline(device, page);
    second.cut();
    page.board.type(note, 'text', 0, 0, 'A');
    second.board.type(note, 'text', 5, 0, 'B');
    await table.breathe();
    second.close();
    await table.breathe();
    device.isOnline = true;
    page.client.retry();
    const began = table.clock.now();
    await table.until(() => logged(table, note) === 'AHelloB');
    await table.settled([page]);
    expect(page.text(note)).toBe('AHelloB');
    expect(table.clock.now() - began).toBeLessThan(ADOPT_MS);
  });

  test('words of the one that goes find their place though the board went on', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    table.clock.pass(10_000);
    await table.settled([page, second]);
    device.isOnline = false;
    second.cut();
    second.board.type(note, 'text', 5, 0, '!');
    await table.breathe();
    device.isOnline = true;
    for (let i = 0; i < 5; i += 1) {
      page.board.type(note, 'text', 0, 0, '-');
      await table.until(() => page.client.status.kind === 'saved');
    }
    second.close();
    await table.until(() => logged(table, note).endsWith('!'));
    await table.settled([page]);
    expect(logged(table, note)).toBe('-----Hello!');
  });

  test('a frozen page that was taken for gone forgets what another sent for it, and goes on', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    offline(device, page);
    second.cut();
    page.board.type(note, 'text', 5, 0, ' once');
    await table.breathe();
    page.freeze();
    device.isOnline = true;
    await table.nothingLeft([second]);
    expect(logged(table, note)).toBe('Hello once');
    page.thaw();
    page.client.retry();
    await table.settled([page, second]);
    expect(page.text(note)).toBe('Hello once');
    page.board.type(note, 'text', 10, 0, ' more');
    await table.settled([page, second]);
    expect(logged(table, note)).toBe('Hello once more');
    expect(page.device.told).toEqual([]);
  });

  test('a page whose timers stand still, but which answers, keeps what is its own', async () => {
    const { table, device, page, note } = await alone();
    const second = await device.page();
    await table.settled([page, second]);
    offline(device, page);
    page.board.type(note, 'text', 5, 0, '!');
    await table.breathe();
    const { tabs } = await left(device, page);
    expect(tabs).toBe(1);
    table.clock.pass(LEASE_MS * 4);
    await table.breathe();
    expect((await left(device, page)).tabs).toBe(1);
    device.isOnline = true;
    await table.settled([page, second]);
    expect(logged(table, note)).toBe('Hello!');
  });
});

async function left(device: Device, { client }: Page): Promise<{ tabs: number }> {
  return { tabs: (await device.store.left(client.space, client.author)).length };
}
