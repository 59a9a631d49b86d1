// More boards in a space (PROTOCOL-55).

import { describe, expect, test } from 'vitest';
import { Table } from '../../tests/support/table.ts';
import type { Fetch } from './http.ts';

describe('one more board', () => {
  function answering(status: number, body: unknown, asked: [string, RequestInit][] = []): Fetch {
    return (path, init) => {
      asked.push([path, init]);
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    };
  }

  test('is asked for with the link’s own secret, and known once it is there', async () => {
    const table = new Table();
    const asked: [string, RequestInit][] = [];
    table.fetch = answering(201, { board: 'board-two', title: 'Tisch 2' }, asked);
    const ada = await table.device('Ada').page();
    let told = 0;
    ada.client.subscribe(() => (told += 1));
    expect(await ada.client.newBoard('  Tisch\n2 ')).toBe('board-two');
    expect(ada.client.boards.at(-1)).toEqual({ board: 'board-two', title: 'Tisch 2' });
    expect(told).toBe(1);
    const [[path, init] = ['', {}]] = asked;
    expect(path).toBe(`/api/spaces/${ada.client.space}/boards`);
    expect(init.method).toBe('POST');
    expect(init.body).toBe('{"title":"Tisch 2"}');
    expect((init.headers as Record<string, string>)['Authorization']).toMatch(/^Bearer [\w-]{22,}$/);
    for (const wire of table.server.wires) wire.say({ t: 'boards', boards: [{ board: 'board-two', title: 'Tisch 2' }] });
    while (await table.move());
    expect(ada.client.boards).toEqual([{ board: 'board-two', title: 'Tisch 2' }]);
  });

  test.each([
    [201, {}, 'told.away'],
    [403, { code: 'view-only', words: '…' }, 'told.view-only'],
    [409, { code: 'boards-full', words: '…' }, 'told.boards-full'],
    [503, { code: 'away', words: '…' }, 'told.away'],
    [500, 'no JSON that we know', 'told.away'],
  ])('%i %o is told as %s, and nothing changes', async (status, body, code) => {
    const table = new Table();
    table.fetch = answering(status, body);
    const ada = await table.device('Ada').page();
    const before = ada.client.boards;
    await expect(ada.client.newBoard('Tisch 2')).rejects.toMatchObject({ code });
    expect(ada.client.boards).toEqual(before);
  });

  test('is not asked for without a title, without the right, or without a server', async () => {
    const table = new Table();
    table.fetch = () => Promise.reject(new Error('nobody should ask'));
    const ada = await table.device('Ada').page();
    await expect(ada.client.newBoard(' \n ')).rejects.toMatchObject({ code: 'told.bad-title' });
    await expect(ada.client.newBoard('x')).rejects.toMatchObject({ code: 'told.away' });
    ada.device.isOnline = false;
    ada.cut();
    await expect(ada.client.newBoard('x')).rejects.toMatchObject({ code: 'told.away' });
    table.server.mayEdit = false;
    const ben = await table.device('Ben').page();
    await expect(ben.client.newBoard('x')).rejects.toMatchObject({ code: 'told.view-only' });
  });
});
