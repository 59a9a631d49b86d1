// People at one table who do things at random, on devices that fail at random.

import { canonicalHash } from '../../src/core/canonical.ts';
import type { PendingStore } from '../../src/sync/pending.ts';
import { type Device, type Page, Table } from './table.ts';

const SIGNS = ['a', 'b', 'é', '😀', 'ع', ' ', '\n', 'e\u0301'];

export type Troubles = Readonly<Record<string, number>>;

/** `adds`: nobody deletes anything; `deletes`: no undo, so that what was deleted is known; `undoes`: all that people do. */
export type Habit = 'adds' | 'deletes' | 'undoes';

export class Crowd {
  readonly table: Table;
  readonly devices: Device[];
  readonly pages = new Map<Device, Page>();
  /** What each page wrote as a sign of its own, and which of these somebody deleted. */
  readonly marks: string[] = [];
  readonly gone = new Set<string>();
  #mark = 0;

  constructor(seed: number | undefined, people: number, stores: readonly PendingStore[] = []) {
    this.table = new Table(seed);
    this.table.seedIds();
    this.devices = Array.from({ length: people }, (_, i) => this.table.device(`P${i}`, stores[i]));
  }

  async join(): Promise<void> {
    for (const device of this.devices) this.pages.set(device, await device.page());
  }

  /** One person does one thing. */
  act(page: Page, habit: Habit): void {
    const { chance } = this.table;
    const { board } = page;
    const notes = [...board.view.elements.values()].filter((one) => one.type === 'note');
    const weights = { add: notes.length < 4 ? 3 : 0.2, type: 12, mark: 3, set: 2, aside: 0.5, back: 0.7, order: 1, ink: 0.7, undo: 1, redo: 0.6 };
    const kind = chance.weighted(weights);
    const note = notes.length > 0 ? chance.of(notes) : undefined;
    if (kind === 'add') board.add([{ type: 'note', values: { x: chance.below(500) }, text: chance.of(SIGNS) }]);
    else if (kind === 'undo' && habit === 'undoes') board.undo();
    else if (kind === 'redo' && habit === 'undoes') board.redo();
    else if (note === undefined) return;
    else if (kind === 'type') this.#type(page, note.id, habit !== 'adds');
    else if (kind === 'mark') this.#write(page, note.id);
    else if (kind === 'set') board.set(new Map([[note.id, { x: chance.below(900), colour: chance.of(['rose', 'sky']) }]]));
    else if (kind === 'aside') board.setAside([note.id], chance.of(['', 'done']));
    else if (kind === 'back') board.bringBack([note.id]);
    else if (kind === 'order') board.order(note.id, chance.of(['front', 'back', 'forward', 'backward']));
    else if (kind === 'ink') board.add([{ type: 'ink', values: {}, ink: { count: 1, points: new Uint8Array([2, 2, 9]) } }]);
  }

  #type(page: Page, note: string, mayDelete: boolean): void {
    const { chance } = this.table;
    const length = page.board.view.elements.get(note)?.texts.get('text')?.length ?? 0;
    const position = chance.below(length + 1);
    const deleted = mayDelete && chance.is(0.4) ? chance.below(Math.min(4, length - position + 1)) : 0;
    const words = Array.from({ length: chance.below(4) }, () => chance.of(SIGNS)).join('');
    const taken = [...page.text(note)].slice(position, position + deleted);
    for (const sign of taken) if (this.marks.includes(sign)) this.gone.add(sign);
    page.board.type(note, 'text', position, deleted, words);
  }

  #write(page: Page, note: string): void {
    const length = page.board.view.elements.get(note)?.texts.get('text')?.length ?? 0;
    this.#mark += 1;
    const mark = String.fromCodePoint((this.#mark % 2 === 0 ? 0x4e00 : 0x20000) + this.#mark);
    this.marks.push(mark);
    page.board.type(note, 'text', this.table.chance.below(length + 1), 0, mark);
  }

  async trouble(kinds: Readonly<Record<string, number>>): Promise<void> {
    const { chance, clock, server } = this.table;
    const device = chance.of(this.devices);
    const page = this.pages.get(device) as Page;
    switch (chance.weighted(kinds)) {
      case 'cut':
        page.cut();
        return;
      case 'time':
        clock.pass(chance.below(chance.is(0.1) ? 90_000 : 3_000));
        return;
      case 'refuse':
        server.refuseNext.push(chance.of(['busy', 'slow-down', 'read-only', 'rebase']));
        return;
      case 'reload':
        page.close();
        this.pages.set(device, await device.page());
        return;
      case 'crash':
        await this.table.breathe(); // what was written at this very moment may be lost
        page.crash();
        this.pages.set(device, await device.page());
        return;
      case 'rollback':
        server.snapshotAge = chance.below(30);
        server.log.rollBack(Math.max(1, server.log.board.seq - chance.below(30)));
        for (const wire of [...server.wires]) wire.cut();
        return;
      case 'offline':
        device.isOnline = !device.isOnline;
        if (!device.isOnline) page.cut();
        return;
      default:
    }
  }

  async play(steps: number, habit: Habit, kinds: Readonly<Record<string, number>>): Promise<void> {
    const { chance } = this.table;
    for (let step = 0; step < steps; step += 1) {
      if (chance.is(0.35)) this.act(chance.of([...this.pages.values()]), habit);
      if (chance.is(0.03)) await this.trouble(kinds);
      for (let moves = chance.below(4); moves > 0; moves -= 1) await this.table.move();
    }
  }

  async end(): Promise<Page[]> {
    for (const device of this.devices) device.isOnline = true;
    const pages = [...this.pages.values()];
    this.table.server.refuseNext.length = 0;
    await this.table.settled(pages);
    await this.table.nothingLeft(pages);
    const late = await this.table.device('Late').page();
    await this.table.settled([...pages, late]);
    return [...pages, late];
  }

  get words(): string {
    return [...this.table.server.log.board.elements.values()].map((element) => element.text()).join('\n');
  }

  /** What is wrong at the end, in words; empty if all is well. What somebody was told is not lost. */
  faults(pages: readonly Page[], habit: Habit): string[] {
    const hash = this.table.hash();
    const faults: string[] = [];
    for (const { device, board } of pages) {
      if (canonicalHash(board.confirmed) !== hash) faults.push(`${device.name} holds another board`);
      for (const [id, element] of board.view.elements) {
        if (board.confirmed.elements.get(id) !== element) faults.push(`${device.name} shows another ${id}`);
      }
      if (board.view.elements.size !== board.confirmed.elements.size) faults.push(`${device.name} shows too many`);
    }
    const { words } = this;
    // With undo, two people may each bring back what both had deleted.
    if (habit === 'undoes') return faults;
    const told = this.devices.flatMap((device) => device.told.map((one) => one.kept)).join('');
    for (const mark of this.marks) {
      const count = words.split(mark).length - 1;
      const isRight = this.gone.has(mark) ? count === 0 : count === 1 || (count === 0 && told.includes(mark));
      if (!isRight) faults.push(`${mark} is there ${count} times`);
    }
    return faults;
  }
}
