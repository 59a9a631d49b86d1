import { describe, expect, it } from 'vitest';
import { asOne, cellRect, gridSize, linesOf, pastedFrom } from './words';

const texts = (html: string, plain: string) => pastedFrom(html, plain)?.notes.map((note) => note.text) ?? null;

describe('words', () => {
  it('are one note for each line that holds any', () => {
    expect(texts('', 'one')).toEqual(['one']);
    expect(texts('', 'one\r\n\r\n  \ntwo  \nthree\n')).toEqual(['one', 'two', 'three']);
    expect(texts('', ' \n\t\n')).toBeNull();
    expect(texts('', '')).toBeNull();
  });

  it('lose the bullets of a list, but only of a list', () => {
    expect(linesOf('- milk\n- bread')).toEqual(['milk', 'bread']);
    expect(linesOf('1. milk\n2) bread\n3. tea')).toEqual(['milk', 'bread', 'tea']);
    expect(linesOf('• خبز\n• شاي')).toEqual(['خبز', 'شاي']);
    expect(linesOf('- milk\nbread')).toEqual(['- milk', 'bread']);
    expect(linesOf('- 5 degrees')).toEqual(['- 5 degrees']);
  });

  it('come from HTML where there are no plain ones', () => {
    expect(texts('<p>one</p><p>two</p>', '')).toEqual(['one', 'two']);
  });

  it('with a link keep where it goes', () => {
    expect(texts('<a href="https://example.org/a?b=1&amp;c=2">A title</a>', 'A title')).toEqual(['A title\nhttps://example.org/a?b=1&c=2']);
    expect(texts('', 'https://example.org/')).toEqual(['https://example.org/']);
    expect(texts('<p>See <a href="https://a.example">this</a></p>', 'See this')).toEqual(['See this']);
    expect(texts('<a href="javascript:alert(1)">press</a>', 'press')).toEqual(['press']);
  });
});

describe('a table', () => {
  it('is a grid with a bold first row, without notes for empty cells', () => {
    const pasted = pastedFrom('', 'Who\tWhat\nAna\t\nRhys\tTea');
    expect(pasted?.notes).toEqual([
      { text: 'Who', isBold: true, column: 0, row: 0 },
      { text: 'What', isBold: true, column: 1, row: 0 },
      { text: 'Ana', isBold: false, column: 0, row: 1 },
      { text: 'Rhys', isBold: false, column: 0, row: 2 },
      { text: 'Tea', isBold: false, column: 1, row: 2 },
    ]);
    expect(pasted && gridSize(pasted)).toEqual({ w: 424, h: 528 });
  });

  it('begins where reading begins', () => {
    const pasted = pastedFrom('', 'a\tb');
    const xs = (direction: 'ltr' | 'rtl') => pasted?.notes.map((note) => cellRect(pasted, note, { x: 0, y: 0 }, direction).x);
    expect(xs('ltr')).toEqual([0, 224]);
    expect(xs('rtl')).toEqual([224, 0]);
  });

  it('can be one note', () => {
    const pasted = pastedFrom('', 'a\tb\nc\td');
    expect(pasted && asOne(pasted).notes.map((note) => note.text)).toEqual(['a, b\nc, d']);
  });
});
