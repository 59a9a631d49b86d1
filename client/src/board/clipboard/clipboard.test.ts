import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BoardController } from '../controller.svelte';
import { LocalTable, type LocalReplica } from '../dev/replica';
import { overlaps } from '../geometry';

let mine: LocalReplica;
let control: BoardController;
let said: string[];

beforeEach(() => {
  mine = new LocalTable().by('author-mine');
  said = [];
  control = new BoardController(mine, { me: 'author-mine', nameOf: String, announce: (text) => said.push(text), offer: () => {} });
  control.view.resize({ width: 1000, height: 700 });
});
afterEach(() => control.close());

const note = (x: number, y: number, text = ''): string => control.addNote({ x: x + 100, y: y + 80 }, { text, edit: false }) ?? '';
const elements = () => mine.view.pile();

/** What is needed of a copy or paste event. */
function event(data: Record<string, string> = {}): ClipboardEvent & { data: Record<string, string> } {
  const clipboardData = {
    getData: (type: string) => data[type] ?? '',
    setData: (type: string, value: string) => void (data[type] = value),
    files: [],
  };
  return { clipboardData, data, preventDefault: () => {} } as unknown as ClipboardEvent & { data: Record<string, string> };
}

describe('things', () => {
  it('go over to another board with links bound, in groups of their own, free, one step of undo', () => {
    const [a, b] = [note(0, 0, 'one'), note(400, 0, 'two')];
    control.connect(a, b);
    control.select([a, b]);
    control.arrange.group();
    mine.lock([a], 10);
    const copy = event();
    control.clipboard.copy(copy);
    expect(copy.data['text/plain']).toBe('one\ntwo');

    const other = new LocalTable().by('author-other');
    const there = new BoardController(other, { me: 'author-other', nameOf: String, announce: () => {}, offer: () => {} });
    there.view.resize({ width: 1000, height: 700 });
    there.clipboard.paste(event(copy.data));
    const made = other.view.pile();
    const line = made.find((element) => element.type === 'connector');
    const named = (text: string) => made.find((element) => element.text() === text);
    expect([line?.prop('from'), line?.prop('to')]).toEqual([named('one')?.id, named('two')?.id]);
    expect(named('one')?.prop('group')).toBe(named('two')?.prop('group'));
    expect(named('one')?.prop('group')).not.toBe(mine.view.elements.get(a)?.prop('group'));
    expect(made.some((element) => element.lock !== null)).toBe(false);
    expect(made.every((element) => ![a, b].includes(element.id))).toBe(true);
    other.undo();
    expect(other.view.pile()).toEqual([]);
    there.close();
  });

  it('pasted twice lie beside each other, or at the pointer', () => {
    const a = note(0, 0, 'one');
    control.select([a]);
    const copy = event();
    control.clipboard.copy(copy);
    control.view.jump({ x: -300, y: -300, zoom: 1 });
    control.clipboard.paste(event(copy.data));
    control.clipboard.pasteKept();
    control.say({ at: [600, 200] });
    control.clipboard.paste(event(copy.data));
    expect(elements().map((element) => element.prop('x'))).toEqual([0, 24, 24, 500]);
  });

  it('cut lie in the margin and can be pasted', () => {
    const a = note(0, 0, 'one');
    control.select([a]);
    const cut = event();
    control.clipboard.copy(cut, true);
    expect(elements()).toEqual([]);
    control.clipboard.paste(event(cut.data));
    expect(elements().map((element) => element.text())).toEqual(['one']);
  });

  it('duplicate with what lies on them', () => {
    const zone = control.addZone({ x: 0, y: 0, w: 800, h: 600 }, { edit: false }) ?? '';
    note(40, 80, 'in it');
    control.select([zone]);
    control.clipboard.duplicate(1000, 0);
    expect(elements().map((element) => [element.type, element.prop('x')])).toEqual([['zone', 0], ['note', 40], ['zone', 1000], ['note', 1040]]);
    control.undo();
    expect(elements()).toHaveLength(2);
  });
});

describe('words', () => {
  it('become notes that cover nothing, in one step', () => {
    const a = note(400, 300, 'there');
    const before = control.bounds(a);
    control.clipboard.paste(event({ 'text/plain': 'one\ntwo\nthree' }));
    const made = [...control.selection].flatMap((id) => control.bounds(id) ?? []);
    expect(made).toHaveLength(3);
    expect(made.some((rect) => before && overlaps(rect, before))).toBe(false);
    control.undo();
    expect(elements()).toHaveLength(1);
  });

  it('that are many are asked about, and can be one note or none', () => {
    const words = Array.from({ length: 31 }, (_, i) => `line ${i}`).join('\n');
    control.clipboard.paste(event({ 'text/plain': words }));
    expect([elements().length, control.clipboard.asking?.notes.length]).toEqual([0, 31]);
    control.clipboard.answer('none');
    expect(elements()).toEqual([]);
    control.clipboard.pasteWords('', words);
    control.clipboard.answer('one');
    expect(elements().map((element) => element.text())).toEqual([words]);
    control.clipboard.pasteWords('', words);
    control.clipboard.answer('many');
    expect(elements()).toHaveLength(32);
    control.clipboard.pasteWords('', `${words}\n`.repeat(20));
    control.clipboard.answer('many');
    expect([elements().length, said.at(-1)]).toEqual([32, 'At most 500 notes are made at once.']);
  });

  it('in a table are a grid with a bold first row', () => {
    control.clipboard.paste(event({ 'text/html': '<table><tr><td>Who</td><td>What</td></tr><tr><td>Ana</td><td>Tea</td></tr></table>', 'text/plain': '' }));
    expect(elements().map((element) => [element.text(), element.prop('bold')])).toEqual([['Who', 1], ['What', 1], ['Ana', 0], ['Tea', 0]]);
  });

  it('that can’t be read change nothing, and say so', () => {
    const { seq } = mine.view;
    control.clipboard.paste(event({ 'text/html': '<div data-tablecloth="AAAA"></div>', 'text/plain': ' ' }));
    control.clipboard.paste(event());
    expect([mine.view.seq, said.length > 0]).toEqual([seq, true]);
    mine.mayEdit = false;
    control.clipboard.paste(event({ 'text/plain': 'no' }));
    expect(mine.view.seq).toBe(seq);
  });
});
