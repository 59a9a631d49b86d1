import { describe, expect, it } from 'vitest';
import { addressesOf, partsOf, boxesOf, hangsFrom, hasList, linesOf, nextLine } from './lines';

describe('lines', () => {
  it.each([
    ['- milk', 'point', 'milk', 2],
    ['* milk', 'point', 'milk', 2],
    ['• milk', 'point', 'milk', 2],
    ['1. milk', 'number', 'milk', 3],
    ['12) milk', 'number', 'milk', 4],
    ['٣. حليب', 'number', 'حليب', 3],
    ['[ ] milk', 'open', 'milk', 4],
    ['[x] milk', 'done', 'milk', 4],
    ['- [X] milk', 'done', 'milk', 6],
    ['  - milk', 'point', 'milk', 4],
    ['-milk', 'none', '-milk', 0],
    ['1.5 litres', 'none', '1.5 litres', 0],
    ['a - b', 'none', 'a - b', 0],
    ['', 'none', '', 0],
  ])('%s', (text, marker, body, bodyAt) => {
    expect(linesOf(text)).toMatchObject([{ marker, body, bodyAt }]);
    expect(hasList(text)).toBe(marker !== 'none');
  });

  it('know where they stand, and go inwards', () => {
    const lines = linesOf('Buy:\n- milk\n    - whole 🥛\n[ ] bread');
    expect(lines.map(({ at, bodyAt }) => [at, bodyAt])).toEqual([[0, 0], [5, 7], [12, 18], [27, 31]]);
    expect(lines[2]?.indent).toBeGreaterThan(lines[1]?.indent ?? 9);
  });

  it('have boxes whose sign can be turned', () => {
    const text = '- a\n[ ] milk\n- [x] bread';
    const boxes = boxesOf(text);
    expect(boxes.map(({ at, isDone, words }) => [text[at], isDone, words])).toEqual([[' ', false, 'milk'], ['x', true, 'bread']]);
  });
});

describe('addresses', () => {
  it('are found in a sentence, without its signs', () => {
    const words = 'See https://example.org/a?b=1, (http://example.net/x_(y)) and HTTPS://EXAMPLE.COM!';
    expect(addressesOf(words)).toEqual(['https://example.org/a?b=1', 'http://example.net/x_(y)', 'https://example.com/']);
    expect(partsOf(words, 10).map((part) => part.words).join('')).toBe(words);
    for (const part of partsOf(words, 10)) expect(words.slice(part.at - 10, part.at - 10 + part.words.length)).toBe(part.words);
  });

  it('lead nowhere but to pages', () => {
    expect(addressesOf('javascript:alert(1) ftp://a.b file:///etc mailto:a@b.c http:// https://')).toEqual([]);
  });
});

describe('a text box hangs its lines', () => {
  it.each([
    ['', ''],
    ['milk', ''],
    ['- milk', '- '],
    ['Buy:\n- milk', '- '],
    ['Buy:\n\n[ ] milk\n- bread', '[ ] '],
    ['Buy:\nsoon\n- milk', ''],
    ['  12. milk\n', '  12. '],
  ])('%j', (text, sign) => {
    expect(hangsFrom(text)).toBe(sign);
  });
});

describe('Enter in a list', () => {
  const at = (text: string): ReturnType<typeof nextLine> => nextLine(text.replace('|', ''), text.indexOf('|'));

  it.each([
    ['- milk|', { removed: 0, inserted: '\n- ' }],
    ['a\n9. milk|\nb', { removed: 0, inserted: '\n10. ' }],
    ['[x] mi|lk', { removed: 0, inserted: '\n[ ] ' }],
    ['- a\n- |', { removed: 2, inserted: '' }],
    ['milk|', null],
    ['|- milk', null],
    ['- milk\n|', null],
  ])('%j', (text, next) => {
    expect(at(text)).toEqual(next);
  });
});
