// Every language says everything, in all its plural forms, with the same values; and nothing is said without them.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { ar } from './ar';
import type { Catalogue } from './catalogue';
import { cy } from './cy';
import { en } from './en';
import { LANGUAGES } from './languages';
import type { Message } from './message';
import { nl } from './nl';

const catalogues: Readonly<Record<string, Catalogue>> = { en, cy, nl, ar };
const source = join(import.meta.dirname, '..');
const files = globSync('**/*.{svelte,ts}', { cwd: source }).filter((file) => !file.endsWith('.test.ts'));
const read = (file: string): string => readFileSync(join(source, file), 'utf8');

function texts(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message);
}

function places(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

describe.each(LANGUAGES.map(({ code }) => code))('%s', (code) => {
  const catalogue = catalogues[code] as Catalogue;
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;

  it('has the keys of English, and no others', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  });

  it('leaves nothing empty', () => {
    const empty = Object.entries(catalogue).filter(([, message]) => texts(message).some((text) => text.trim() === ''));
    expect(empty).toEqual([]);
  });

  it('has every plural form that the language has', () => {
    for (const [key, message] of Object.entries(catalogue)) {
      const isPlural = typeof en[key as keyof typeof en] !== 'string';
      expect([key, typeof message === 'string' ? null : Object.keys(message).sort()]).toEqual([
        key,
        isPlural ? [...forms].sort() : null,
      ]);
    }
  });

  it('fills in the same values as English', () => {
    for (const [key, message] of Object.entries(catalogue)) {
      const wanted = places(texts(en[key as keyof typeof en]).at(-1) ?? '');
      for (const text of texts(message)) {
        // One, two or none may be said in a word: only the count may be left out.
        const missing = wanted.filter((place) => !places(text).includes(place) && place !== 'count');
        const strange = places(text).filter((place) => !wanted.includes(place));
        expect([key, missing, strange]).toEqual([key, [], []]);
      }
    }
  });

  it('never speaks as machines do', () => {
    const words = Object.values(en).flatMap(texts).join(' ');
    expect(words).not.toMatch(/\b(error|invalid|failed|failure|user|users|session|owner|admin)\b/i);
  });
});

describe('components', () => {
  const LETTERS = /\p{L}{2,}/u;
  const SPOKEN = new Set(['aria-label', 'aria-description', 'aria-placeholder', 'title', 'placeholder', 'alt', 'label']);

  type Node = Readonly<Record<string, unknown>> & { readonly type: string };

  function isNode(value: unknown): value is Node {
    return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
  }

  function* below(node: Node): Generator<Node> {
    for (const [key, child] of Object.entries(node)) {
      if (key === 'metadata') continue;
      for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) yield one;
    }
  }

  /** The strings that an expression may come out as. */
  function* outcomes(node: Node): Generator<string> {
    if (node.type === 'Literal' && typeof node['value'] === 'string') yield node['value'];
    const isPlus = node.type === 'BinaryExpression' && node['operator'] === '+';
    const branches =
      node.type === 'ConditionalExpression'
        ? [node['consequent'], node['alternate']]
        : node.type === 'LogicalExpression' || isPlus
          ? [node['left'], node['right']]
          : [];
    for (const branch of branches) if (isNode(branch)) yield* outcomes(branch);
  }

  /** Words that stand in a component's markup: text, what {…} may come out as, and attributes that are read out. */
  function* words(node: Node): Generator<string> {
    if (node.type === 'Text') yield String(node['data']);
    else if (node.type === 'ExpressionTag') {
      if (isNode(node['expression'])) yield* outcomes(node['expression']);
    } else if (node.type === 'Attribute') {
      if (SPOKEN.has(String(node['name']))) for (const part of below(node)) yield* words(part);
    } else if (!node.type.endsWith('Directive') && !node.type.endsWith('Tag')) {
      for (const child of below(node)) yield* words(child);
    }
  }

  function bareWords(file: string): string[] {
    const { fragment } = parse(read(file), { modern: true, filename: file });
    return [...words(fragment as unknown as Node)].filter((text) => LETTERS.test(text));
  }

  it('are read as they should be', () => {
    const found = (markup: string): string[] => {
      const { fragment } = parse(markup, { modern: true });
      return [...words(fragment as unknown as Node)].filter((text) => LETTERS.test(text));
    };
    expect(found('<p class="soft">Hello</p>')).toEqual(['Hello']);
    expect(found('<img alt="a dog" src="dog.png" /><b title={x ? "on" : y}></b>')).toEqual(['a dog', 'on']);
    expect(found('{#if a === "on"}{b === "so" ? "yes" : t("no")}{/if}')).toEqual(['yes']);
    expect(found('<p style:color="var(--ink)" dir="auto">{t("a.b")} · +{n}</p>')).toEqual([]);
  });

  it.each(files.filter((file) => file.endsWith('.svelte')))('%s holds no bare words', (file) => {
    expect(bareWords(file)).toEqual([]);
  });
});

it('says nothing that no screen says', () => {
  const code = files.filter((file) => !file.startsWith('i18n')).map(read);
  const all = code.join('\n');
  // Some keys are put together from a code, a colour, a shape, …
  const openings = [...all.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map((match) => match[1] ?? '');
  const idle = Object.keys(en).filter(
    (key) => !all.includes(`'${key}'`) && !openings.some((opening) => key.startsWith(opening)) && !key.startsWith('told.'),
  );
  expect(idle).toEqual([]);
});
