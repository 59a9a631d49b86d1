// What a person sees of their own words does not move when these come back from the log (FOLD-33): what was carried here is
// what the log makes of it.

import { describe, expect, test } from 'vitest';
import { isMadeByHand, readHead } from '../core/edits.ts';
import { decodeFrame } from '../wire/codec.ts';
import { Chance } from '../../tests/support/chance.ts';
import type { Wire } from '../../tests/support/server.ts';
import { type Page, Table } from '../../tests/support/table.ts';

const ROUNDS = Array.from({ length: 15 }, (_, i) => i);
const OTHER = 'author-of-others';

/** Somebody else types, over a field as it was a while ago, by the rules of the log. */
class Other {
  readonly #table: Table;
  readonly #chance: Chance;
  readonly #note: string;
  #k = 0;
  #base = 0;

  constructor(table: Table, note: string) {
    this.#table = table;
    this.#chance = table.chance;
    this.#note = note;
  }

  type(): void {
    const { board } = this.#table.server.log;
    this.#base = Math.max(this.#base, board.seq - this.#chance.below(6));
    const edit = {
      kind: 'text' as const,
      element: this.#note,
      hand: 'hand-of-others',
      k: this.#k + 1,
      base: this.#base,
      field: 'text',
      // May be out of range of what was there at its base: then the log leaves it out.
      splices: [[this.#chance.below(8), this.#chance.below(3), 1]] as const,
      inserted: this.#chance.of(['o', '😀']),
    };
    this.#table.server.write(OTHER, edit);
    const hands = board.elements.get(this.#note)?.hands.get(`${OTHER} hand-of-others`);
    this.#k = hands?.k ?? this.#k;
  }
}

function isOwn(wire: Wire, author: string): boolean {
  const [data] = wire.toClient;
  if (data === undefined) return false;
  const frame = decodeFrame(data);
  if (frame.t !== 'entries') return false;
  return frame.entries.every(([, , head]) => {
    const read = readHead(head);
    return read !== null && isMadeByHand(read) && read.author === author;
  });
}

function typeSomething(chance: Chance, page: Page, note: string): void {
  const length = page.board.view.elements.get(note)?.texts.get('text')?.length ?? 0;
  const position = chance.below(length + 1);
  const deleted = chance.is(0.3) ? Math.min(chance.below(4), length - position) : 0;
  page.board.type(note, 'text', position, deleted, chance.of(['m', 'ét', '😀', '']));
}

describe('own words on the screen', () => {
  test.each(ROUNDS)('stay as they are when the log brings them (%i)', async () => {
    const table = new Table();
    const { chance, server } = table;
    const page = await table.device('Ada').page();
    const [note = ''] = page.board.add([{ type: 'note', values: {}, text: 'some words to begin with' }]);
    await table.settled([page]);
    const other = new Other(table, note);
    const [wire] = server.wires;
    for (let step = 0; step < 300 && wire !== undefined; step += 1) {
      if (chance.is(0.3)) typeSomething(chance, page, note);
      if (chance.is(0.3)) other.type();
      if (chance.is(0.5) && isOwn(wire, page.client.author)) {
        const before = page.text(note);
        server.deliver(wire);
        expect(page.text(note), `SEED=${chance.seed}, step ${step}`).toBe(before);
        await table.breathe();
      } else if (chance.is(0.6)) await table.move();
    }
    await table.settled([page]);
    expect(page.text(note)).toBe(server.log.board.elements.get(note)?.text());
  });
});
