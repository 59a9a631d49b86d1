import { describe, expect, test } from 'vitest';
import { canonicalHash } from '../core/canonical.ts';
import { Table } from '../../tests/support/table.ts';

describe('a space with one board', () => {
  test('what one adds and writes, the other sees', async () => {
    const table = new Table();
    const ada = await table.device('Ada').page();
    const ben = await table.device('Ben').page();
    const [note = ''] = ada.board.add([{ type: 'note', values: { x: 10, y: 20 }, text: 'Hello 😀' }]);
    expect(ada.text(note)).toBe('Hello 😀');
    await table.settled([ada, ben]);
    expect(ben.text(note)).toBe('Hello 😀');
    expect(ben.board.view.elements.get(note)?.prop('x')).toBe(10);
    ben.board.type(note, 'text', 6, 1, 'wörld');
    await table.settled([ada, ben]);
    expect(ada.text(note)).toBe('Hello wörld');
    expect(canonicalHash(ada.board.confirmed)).toBe(table.hash());
    expect(ada.client.people.get(ben.client.author)?.name).toBe('Ben');
  });
});
