import { describe, expect, it } from 'vitest';
import { excerpt, marked, plain, termsOf } from './plain';

const found = (text: string, query: string): string[] =>
  marked(text, termsOf(query)).flatMap((piece) => (piece.isFound ? [piece.text] : []));

describe('comparing', () => {
  it.each([
    ['CAFÉ', 'café'],
    ['CAFÉ', 'cafe\u0301'],
    ['Straße', 'STRASSE'],
    ['Gŵyl', 'gwyl'],
    ['don’t', "DON'T"],
    ['ﬁne', 'fine'],
    ['İstanbul', 'istanbul'],
  ])('%s is %s', (one, two) => expect(plain(one)).toBe(plain(two)));

  it.each([
    ['أَحْمَد', 'احمد'],
    ['مدرسة', 'مدرسه'],
    ['على', 'علي'],
    ['کتاب', 'كتاب'],
    ['مـــكان', 'مكان'],
    ['ٱلبيت', 'البيت'],
    ['٣ غرف', '3 غرف'],
    ['مسؤول', 'مسوول'],
  ])('%s is %s', (one, two) => expect(plain(one)).toBe(plain(two)));

  it('leaves plain letters as they are', () => expect(plain('a door, 12!')).toBe('a door, 12!'));
});

describe('what was found', () => {
  it('is marked in the words as they were written', () => {
    expect(found('A Café on the corner', 'cafe')).toEqual(['Café']);
    expect(found('قال أَحْمَد نعم', 'احمد')).toEqual(['أَحْمَد']);
    expect(found('Straße und Strasse', 'strass')).toEqual(['Straß', 'Strass']);
    expect(found('one two one', 'ONE two')).toEqual(['one', 'two', 'one']);
  });

  it('puts together what it took apart', () => {
    for (const text of ['', 'x', 'أَحْمَد', 'a😀b', 'cafe\u0301 cafe\u0301']) {
      for (const query of ['a', 'e', '😀', 'احمد', '']) {
        expect(marked(text, termsOf(query)).map((piece) => piece.text).join('')).toBe(text);
      }
    }
  });

  it('is shown with what stands around it', () => {
    const long = `${'before '.repeat(40)}the key ${'after '.repeat(40)}`;
    const part = excerpt(long, termsOf('key'), 60);
    expect(part).toContain('the key');
    expect([...part].length).toBeLessThanOrEqual(62);
    expect([part[0], part.at(-1)]).toEqual(['…', '…']);
    expect(excerpt('a\n b', ['b'], 60)).toBe('a b');
  });
});

it('looks for each word', () => expect(termsOf('  The  DOOR the ')).toEqual(['the', 'door']));
