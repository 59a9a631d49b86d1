import { describe, expect, it } from 'vitest';
import { fill, pluralText, textDirection } from './format';
import { isCode, pickLanguage } from './languages';

const english = new Intl.NumberFormat('en-GB');

describe('filling in', () => {
  it('puts values into their places and writes numbers as the language does', () => {
    expect(fill('{name} has {count} notes', { name: 'Ana', count: 1234 }, english, 'ltr')).toBe('Ana has 1,234 notes');
  });

  it('leaves a place without a value as it is', () => {
    expect(fill('by {name}', {}, english, 'ltr')).toBe('by {name}');
  });

  it('does not fill in what a value itself holds', () => {
    expect(fill('{a} {b}', { a: '{b}', b: 'x' }, english, 'ltr')).toBe('{b} x');
  });

  it('isolates a text that runs the other way, and no other', () => {
    expect(fill('by {name}', { name: 'ليلى' }, english, 'ltr')).toBe('by \u2068ليلى\u2069');
    expect(fill('من {name}', { name: 'Ana' }, english, 'rtl')).toBe('من \u2068Ana\u2069');
    expect(fill('by {name}', { name: '…' }, english, 'ltr')).toBe('by …');
  });
});

describe('direction of a text', () => {
  it.each([
    ['A door', 'ltr'],
    ['12 – مفتاح', 'rtl'],
    ['שלום', 'rtl'],
    ['123 !', null],
    ['', null],
  ] as const)('of %j is %s', (text, direction) => {
    expect(textDirection(text)).toBe(direction);
  });
});

describe('plurals', () => {
  it('take the form that the language asks for, or the last one', () => {
    const rules = new Intl.PluralRules('ar');
    const message = { one: 'one', two: 'two', few: 'few', other: 'other' };
    expect([1, 2, 5, 11, 100].map((count) => pluralText(message, count, rules))).toEqual([
      'one',
      'two',
      'few',
      'other',
      'other',
    ]);
    expect(pluralText('plain', 3, rules)).toBe('plain');
  });
});

describe('picking a language', () => {
  it.each([
    [['cy-GB', 'en-GB'], 'cy'],
    [['fr', 'nl-BE'], 'nl'],
    [['AR-eg'], 'ar'],
    [['fr', 'de'], 'en'],
    [[], 'en'],
  ])('from %j is %s', (wanted, code) => {
    expect(pickLanguage(wanted)).toBe(code);
  });

  it('knows its own codes', () => {
    expect([isCode('cy'), isCode('fr'), isCode(null)]).toEqual([true, false, false]);
  });
});
