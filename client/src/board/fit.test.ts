import { describe, expect, it } from 'vitest';
import { fitNote, noteScale, wrapLines, type Measure } from './fit';

/** Every letter is half as wide as it is high. */
const even: Measure = (words) => [...words].length / 2;

describe('lines', () => {
  it.each([
    ['words', 'one two three', 4, ['one two ', 'three']],
    ['a hanging space', 'one two', 3.5, ['one two']],
    ['newlines', 'a\n\nb', 9, ['a', '', 'b']],
    ['a long word', 'abcdefgh', 2, ['abcd', 'efgh']],
    ['a long word after a short one', 'ab cdefghij', 3, ['ab ', 'cdefgh', 'ij']],
    ['Chinese, between any two', '你好世界', 1, ['你好', '世界']],
    ['a hyphen', 'well-known', 3, ['well-', 'known']],
    ['nothing', '', 5, ['']],
  ])('break: %s', (_, text, width, lines) => {
    expect(wrapLines(text, width, even)).toEqual(lines);
  });

  it('lose and add nothing', () => {
    const text = '  Dim angen  gofyn-caniatâd\n你好 abc 😀👩‍👩‍👧';
    expect(wrapLines(text, 3, even).join('')).toBe(text.replace('\n', ''));
  });
});

describe('a note', () => {
  it('has large letters for few words, and smaller ones for more', () => {
    const few = fitNote('A door that I can lock', 200, 160, even);
    const more = fitNote('A door that I can lock. '.repeat(5), 200, 160, even);
    expect(few).toMatchObject({ size: 20, clipped: false });
    expect(more.size).toBeLessThan(few.size);
    expect(more.clipped).toBe(false);
  });

  it('says when not all has room, at the smallest letters', () => {
    expect(fitNote('A door that I can lock. '.repeat(60), 200, 160, even)).toMatchObject({ size: 10, clipped: true });
  });

  it('makes letters smaller before it cuts a word', () => {
    expect(fitNote('misunderstandingly x', 200, 160, even).size).toBeLessThan(20);
    expect(fitNote(`https://example.org/${'a'.repeat(40)}`, 200, 160, even).size).toBe(20);
  });

  it('grows its letters with its size, and breaks alike', () => {
    const text = 'Neighbours who know my name, and whose names I know';
    const small = fitNote(text, 200, 160, even);
    const large = fitNote(text, 600, 480, even);
    expect(large.size).toBeCloseTo(small.size * 3);
    expect(large.lines).toEqual(small.lines);
    expect(noteScale(600, 480)).toBe(3);
  });
});
