// The rules of writing.ts, on a text box without a browser: a fake box does what an engine does to value and selection.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { spliceOp } from '../core/text';
import { LocalTable, type LocalReplica } from './dev/replica';
import { carry, FieldWriter, type TextBox } from './writing';

class Box implements TextBox {
  scrollTop = 0;
  selectionStart = 0;
  selectionEnd = 0;
  selectionDirection: 'forward' | 'backward' | 'none' = 'none';
  #value = '';

  get value(): string {
    return this.#value;
  }

  set value(words: string) {
    this.#value = words;
    this.selectionStart = this.selectionEnd = words.length;
  }

  setRangeText(words: string, start: number, end: number): void {
    this.#value = this.#value.slice(0, start) + words + this.#value.slice(end);
  }

  setSelectionRange(start: number, end: number, direction: 'forward' | 'backward' | 'none' = 'none'): void {
    [this.selectionStart, this.selectionEnd, this.selectionDirection] = [start, end, direction];
  }

  /** What a keyboard does: replace the selection, caret behind. */
  press(words: string): void {
    this.setRangeText(words, this.selectionStart, this.selectionEnd);
    this.selectionStart = this.selectionEnd = this.selectionStart + words.length;
  }

  caret(at: number, to = at): void {
    this.setSelectionRange(at, to);
  }
}

let mine: LocalReplica;
let theirs: LocalReplica;
let note: string;

beforeEach(() => {
  const table = new LocalTable();
  mine = table.by('author-mine');
  theirs = table.by('author-theirs');
  note = mine.add([{ type: 'note', values: {}, text: '' }])[0] ?? '';
});

const words = (): string => mine.view.elements.get(note)?.text() ?? '';

function write(options: { oneLine?: boolean } = {}) {
  const box = new Box();
  const carets: [number, number][] = [];
  const seen = { full: 0, shown: '' };
  const writer = new FieldWriter(box, {
    replica: mine,
    element: note,
    field: 'text',
    oneLine: options.oneLine ?? false,
    shown: (text) => (seen.shown = text),
    moved: (anchor, head) => carets.push([anchor, head]),
    full: () => (seen.full += 1),
  });
  const type = (text: string): void => {
    box.press(text);
    writer.input();
  };
  return { box, writer, carets, seen, type };
}

describe('typing', () => {
  it('goes to the board letter by letter, in code points', () => {
    const { type, box, carets, seen } = write();
    for (const sign of ['ش', '😀', 'b']) type(sign);
    box.caret(3);
    type('x');
    expect(words()).toBe('ش😀xb');
    expect(carets.at(-1)).toEqual([3, 3]);
    expect(seen.shown).toBe('ش😀xb');
  });

  it('replaces a selection in one edit', () => {
    const { type, box } = write();
    type('one two three');
    box.caret(4, 7);
    const before = mine.view.seq;
    type('2');
    expect(words()).toBe('one 2 three');
    expect(mine.view.seq).toBe(before + 1);
  });

  it('leaves out what no log takes, and keeps the caret', () => {
    const { type, box } = write();
    type('ab');
    box.caret(1);
    type('x\u0007\r\ny');
    expect(words()).toBe('ax\nyb');
    expect(box.value).toBe('ax\nyb');
    expect(box.selectionEnd).toBe(4);
  });

  it('puts a title on one line', () => {
    const { type } = write({ oneLine: true });
    type('one\ntwo');
    expect(words()).toBe('one two');
  });

  it('says when a field is full, and takes nothing', () => {
    const { type, box, seen } = write();
    type('a'.repeat(50_000));
    box.caret(10);
    type('b');
    expect(seen.full).toBe(1);
    expect(words()).toHaveLength(50_000);
    expect(box.value).toBe(words());
    expect(box.selectionEnd).toBe(10);
  });
});

describe("others' words", () => {
  it('come in before the caret and move it, behind it and leave it', () => {
    const { type, box } = write();
    type('hello');
    box.caret(2);
    theirs.type(note, 'text', 0, 0, '😀 ');
    expect(box.value).toBe('😀 hello');
    expect(box.selectionEnd).toBe(5);
    theirs.type(note, 'text', 7, 0, '!');
    expect(box.selectionEnd).toBe(5);
  });

  it('at the caret itself leave it where it was', () => {
    const { type, box } = write();
    type('ab');
    box.caret(1);
    theirs.type(note, 'text', 1, 0, 'X');
    expect([box.value, box.selectionStart]).toEqual(['aXb', 1]);
  });

  it('do not creep into a selection, and keep its direction and the scroll', () => {
    const { type, box } = write();
    type('one two three');
    box.setSelectionRange(4, 7, 'backward');
    box.scrollTop = 33;
    theirs.type(note, 'text', 7, 0, 'X');
    theirs.type(note, 'text', 4, 0, 'Y');
    expect(box.value.slice(box.selectionStart, box.selectionEnd)).toBe('two');
    expect([box.selectionDirection, box.scrollTop]).toEqual(['backward', 33]);
  });

  it('that take away what the caret stood in leave it at that place', () => {
    const { type, box } = write();
    type('one two three');
    box.caret(6);
    theirs.type(note, 'text', 4, 4, '');
    expect([box.value, box.selectionEnd]).toEqual(['one three', 4]);
  });
});

describe('an input method', () => {
  it('is left alone while it composes, and catches up at the end', () => {
    const { type, box, writer } = write();
    type('ab');
    box.caret(1);
    writer.composing();
    box.press('k');
    writer.input();
    theirs.type(note, 'text', 0, 0, 'START ');
    expect(box.value).toBe('akb');
    expect(words()).toBe('START akb');
    // The input method replaces what it composes.
    box.caret(1, 2);
    box.press('か');
    writer.input();
    expect(box.value).toBe('aかb');
    expect(words()).toBe('START aかb');
    writer.composed();
    expect(box.value).toBe('START aかb');
    expect(box.selectionEnd).toBe(8);
  });

  it('composes over what somebody takes away around it', () => {
    const { type, box, writer } = write();
    type('one abc three');
    box.caret(5);
    writer.composing();
    theirs.type(note, 'text', 4, 4, '');
    for (const sign of ['x', 'y']) {
      box.press(sign);
      writer.input();
    }
    writer.composed();
    expect(words()).toBe('one xythree');
    expect([box.value, box.selectionEnd]).toEqual([words(), 6]);
  });

  it('always ends with the words of the board, whatever both did', () => {
    const act = fc.record({
      who: fc.constantFrom('me', 'them', 'compose', 'composed'),
      at: fc.nat(40),
      gone: fc.nat(3),
      sign: fc.constantFrom('a', 'é', '😀', 'か', ''),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const table = new LocalTable();
        mine = table.by('author-mine');
        theirs = table.by('author-theirs');
        note = mine.add([{ type: 'note', values: {}, text: 'one two 😀 three' }])[0] ?? '';
        const { box, writer } = write();
        for (const { who, at, gone, sign } of acts) {
          const signs = [...box.value];
          const start = Math.min(at, signs.length);
          const unit = signs.slice(0, start).join('').length;
          if (who === 'me') {
            box.caret(unit, unit + signs.slice(start, start + gone).join('').length);
            box.press(sign);
            writer.input();
          } else if (who === 'them') {
            const length = [...words()].length;
            const place = Math.min(at, length);
            theirs.type(note, 'text', place, Math.min(gone, length - place), sign);
          } else if (who === 'compose') writer.composing();
          else writer.composed();
        }
        writer.composed();
        expect(box.value).toBe(words());
      }),
    );
  });
});

it('undo takes back my own letters only, and puts the caret there', () => {
  const { type, box, writer } = write();
  type('one');
  type(' two');
  theirs.type(note, 'text', 0, 0, 'THEIRS ');
  writer.took(() => mine.undo());
  expect(box.value).toBe('THEIRS one');
  expect(box.selectionEnd).toBe(10);
});

it('a position is carried over an op', () => {
  const replaced = spliceOp([3, 2, 4]);
  expect([0, 3, 4, 5, 6].map((at) => carry(replaced, at, false))).toEqual([0, 3, 7, 7, 8]);
  expect([3, 4, 5, 6].map((at) => carry(replaced, at, true))).toEqual([7, 7, 7, 8]);
});
