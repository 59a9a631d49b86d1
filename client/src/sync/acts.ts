/**
 * What a person does, as edits and as what would take them back (FOLD-62). Pure: reads the view, decides nothing else.
 *
 * What the fold would not apply as things stand is left out here, so that nothing is sent in vain.
 */

import type { Board, Element, Value } from '../core/board.ts';
import type { Splice } from '../core/edits.ts';
import { typeOf, valuesFit } from '../core/elements.ts';
import { MAX_LOCK_MINUTES, MAX_SHORT_TEXT, MAX_TEXT } from '../core/limits.ts';
import { fittingWords } from '../core/rules.ts';
import { advance, codePoints, DELETE, KEEP } from '../core/text.ts';
import { findVariant } from '../core/whose.ts';
import type { NewElement } from './interface.ts';
import { reorder, topKeys, type Where } from './pile.ts';
import type { Draft } from './drafts.ts';
import type { Deed, Turn } from './undo.ts';
import { type Change, changeOf, difference, inParts, inverse } from './words.ts';

export interface Act {
  readonly drafts: readonly Draft[];
  readonly back: readonly Deed[];
  /** The elements that it is about. */
  readonly about: readonly string[];
  /** Elements that were left out because somebody locked them (FOLD-53). */
  readonly locked: readonly string[];
}

const NO_ACT: Act = { drafts: [], back: [], about: [], locked: [] };

function lockedOut(id: string): Act {
  return { ...NO_ACT, locked: [id] };
}

function valueMap(values: Readonly<Record<string, Value>>): Map<string, Value> {
  return new Map(Object.entries(values));
}

type TextDraft = Draft & { readonly kind: 'text' };

/** A change of words as drafts that each fit into one message (PROTOCOL-3). */
function textDrafts(element: string, field: string, change: Change): TextDraft[] {
  return inParts(change).map((part) => ({ kind: 'text', element, field, change: part.change }));
}

function shortened(words: string, most: number): string {
  return words.slice(0, advance(words, 0, most));
}

/** A reason as it is kept. */
function reasonOf(why: string): string {
  return shortened(fittingWords(why), MAX_SHORT_TEXT);
}

export function adding(board: Board, elements: readonly NewElement[], newId: () => string): Act {
  const keys = topKeys(board, elements.length);
  const drafts: Draft[] = [];
  const about: string[] = [];
  elements.forEach((fresh, i) => {
    const element = fresh.id ?? newId();
    const values = new Map<string, Value>([['order', keys[i] ?? 'a0'], ...valueMap(fresh.values)]);
    if (!valuesFit(fresh.type, values)) return;
    drafts.push({ kind: 'add', element, type: fresh.type, values });
    about.push(element);
    const words = shortened(fittingWords(fresh.text ?? ''), MAX_TEXT);
    drafts.push(...textDrafts(element, 'text', changeOf(0, 0, words)));
    const said = newWords(fresh);
    if (said.size > 0) drafts.push({ kind: 'set', element, values: new Map(), words: said });
    if (fresh.ink !== undefined) drafts.push({ kind: 'ink', element, ...fresh.ink });
  });
  const back = about.map((element): Deed => ({ kind: 'set-aside', element, why: '', isBirth: true }));
  return { drafts, back, about, locked: [] };
}

/** What is said of a new element at once: the words that its type has. */
function newWords({ type, words = {} }: NewElement): Map<string, string> {
  const { words: names } = typeOf(type);
  const said = Object.entries(words).filter(([name, value]) => names.includes(name) && value !== '');
  return new Map(said.map(([name, value]) => [name, shortened(fittingWords(value), MAX_SHORT_TEXT)]));
}

/** The properties of an edit that change anything. */
function turns(element: Element, values: Readonly<Record<string, Value>>): Turn<Value>[] {
  const { props } = typeOf(element.type);
  return Object.entries(values)
    .filter(([name, value]) => name !== 'order' && props.get(name)?.accepts(value) === true)
    .filter(([name, value]) => element.prop(name) !== value)
    .map(([name, value]) => ({ name, to: element.prop(name), from: value }));
}

function wordTurns(element: Element, words: Readonly<Record<string, string>>): Turn<string>[] {
  const { words: names } = typeOf(element.type);
  return Object.entries(words)
    .filter(([name]) => names.includes(name))
    .map(([name, said]) => [name, shortened(fittingWords(said), MAX_SHORT_TEXT)] as const)
    .filter(([name, said]) => (element.words.get(name) ?? '') !== said)
    .map(([name, said]) => ({ name, to: element.words.get(name) ?? '', from: said }));
}

function settingOne(element: Element, values: readonly Turn<Value>[], words: readonly Turn<string>[]): Act {
  if (values.length + words.length === 0) return NO_ACT;
  const id = element.id;
  const said = <T>(list: readonly Turn<T>[]): Map<string, T> => new Map(list.map((turn) => [turn.name, turn.from]));
  return {
    drafts: [{ kind: 'set', element: id, values: said(values), words: said(words) }],
    back: [{ kind: 'set', element: id, values, words }],
    about: [id],
    locked: [],
  };
}

export function setting(
  board: Board,
  changes: ReadonlyMap<string, Readonly<Record<string, Value>>>,
  words: ReadonlyMap<string, Readonly<Record<string, string>>>,
  now: number,
): Act {
  const acts = [...new Set([...changes.keys(), ...words.keys()])].map((id) => {
    const element = board.elements.get(id);
    if (element === undefined || element.aside !== null) return NO_ACT;
    const act = settingOne(element, turns(element, changes.get(id) ?? {}), wordTurns(element, words.get(id) ?? {}));
    return act !== NO_ACT && element.isLocked(now) ? lockedOut(id) : act;
  });
  return together(acts);
}

/** Words typed into a field of the view: none, one, or (a long paste) several drafts. Positions are brought into range. */
export function typing(
  element: Element,
  field: string,
  position: number,
  deleted: number,
  inserted: string,
): { readonly drafts: readonly TextDraft[]; readonly kept: string } {
  const length = element.texts.get(field)?.length ?? 0;
  const words = fittingWords(inserted);
  const start = Math.max(0, Math.min(position, length));
  const gone = Math.max(0, Math.min(deleted, length - start));
  // FOLD-38: the fold does not count the deletions.
  if (words !== '' && length + codePoints(words) > MAX_TEXT) return { drafts: [], kept: words };
  return { drafts: textDrafts(element.id, field, changeOf(start, gone, words)), kept: '' };
}

export function settingAside(board: Board, ids: readonly string[], why: string, now: number): Act {
  const there = ids.filter((id) => board.elements.get(id)?.aside === null);
  const isLocked = (id: string): boolean => board.elements.get(id)?.isLocked(now) === true;
  const here = there.filter((id) => !isLocked(id));
  const reason = reasonOf(why);
  return {
    drafts: here.map((element) => ({ kind: 'set-aside', element, why: reason })),
    back: here.map((element) => ({ kind: 'bring-back', element, isBirth: false })),
    about: here,
    locked: there.filter(isLocked),
  };
}

export function bringingBack(board: Board, ids: readonly string[]): Act {
  const away = ids.flatMap((id) => {
    const element = board.elements.get(id);
    return element?.aside == null ? [] : [{ id, why: element.aside.why ?? '' }];
  });
  return {
    drafts: away.map(({ id }) => ({ kind: 'bring-back', element: id })),
    back: away.map(({ id, why }) => ({ kind: 'set-aside', element: id, why, isBirth: false })),
    about: away.map(({ id }) => id),
    locked: [],
  };
}

export function ordering(board: Board, id: string, where: Where, now: number): Act {
  if (board.elements.get(id)?.isLocked(now) === true) return lockedOut(id);
  const keys = [...reorder(board, id, where)];
  const back = keys.map(([element, key]): Deed => {
    const to = board.elements.get(element)?.prop('order') ?? 'a0';
    return { kind: 'order', element, turn: { name: 'order', to, from: key } };
  });
  return { drafts: keys.map(([element, key]) => ({ kind: 'order', element, key })), back, about: [id], locked: [] };
}

/** Ask that these stay as they are for a while. Made longer or taken over where they are locked. Never undone (FOLD-54). */
export function locking(board: Board, ids: readonly string[], minutes: number, why: string): Act {
  const here = ids.filter((id) => board.elements.get(id)?.aside === null);
  const said = { minutes: Math.max(1, Math.min(Math.round(minutes), MAX_LOCK_MINUTES)), why: reasonOf(why) };
  return { ...NO_ACT, drafts: here.map((element) => ({ kind: 'lock', element, ...said })), about: here };
}

export function unlocking(board: Board, ids: readonly string[], now: number): Act {
  const held = ids.filter((id) => board.elements.get(id)?.isLocked(now) === true);
  return { ...NO_ACT, drafts: held.map((element) => ({ kind: 'unlock', element })), about: held };
}

/** Other words for a field of somebody's, as they shall be: one splice over the field as it is folded (FOLD-82). */
export function varying(element: Element, field: string, said: string): Act {
  const { fields, words: names } = typeOf(element.type);
  const isText = fields.includes(field);
  if (!isText && !names.includes(field)) return NO_ACT;
  const words = shortened(fittingWords(said), isText ? MAX_TEXT : MAX_SHORT_TEXT);
  const splice = isText ? spliceOf(difference(element.text(field), words)) : ([0, 0, codePoints(words)] as const);
  if (splice === null) return NO_ACT;
  const inserted = isText ? difference(element.text(field), words).words : words;
  return { ...NO_ACT, drafts: [{ kind: 'vary', element: element.id, field, splice, inserted }], about: [element.id] };
}

/** A change that is one splice; null for none at all. */
function spliceOf({ op, words }: Change): Splice | null {
  if (op.length === 0) return null;
  let [position, deleted] = [0, 0];
  for (let i = 0; i < op.length; i += 2) {
    const length = op[i + 1] as number;
    if (op[i] === KEEP) position += length;
    else if (op[i] === DELETE) deleted += length;
  }
  return [position, deleted, codePoints(words)];
}

/** Take or leave a variant as it is now (FOLD-84, FOLD-85). */
export function aboutVariant(kind: 'unvary' | 'accept', element: Element, field: string, of: string): Act {
  const variant = findVariant(element, field, of);
  if (variant === null) return NO_ACT;
  const draft = { kind, element: element.id, field, of, variant: variant.stamp.seq };
  return { ...NO_ACT, drafts: [draft], about: [element.id] };
}

/** Deeds of `Undo`, done: the edits, and what would take these back again. */
export function doing(board: Board, deeds: readonly Deed[], now: number): Act {
  return together(deeds.map((deed) => doingOne(board, deed, now)));
}

function doingOne(board: Board, deed: Deed, now: number): Act {
  const { element: id } = deed;
  const element = board.elements.get(id);
  if (element === undefined) return NO_ACT;
  switch (deed.kind) {
    case 'set-aside':
      return kept(settingAside(board, [id], deed.why, now), deed.isBirth);
    case 'bring-back':
      return kept(bringingBack(board, [id]), deed.isBirth);
    case 'set': {
      const values = deed.values.map(({ name, to, from }) => ({ name, to: from, from: to }));
      const words = deed.words.map(({ name, to, from }) => ({ name, to: from, from: to }));
      return settingOne(element, values, words);
    }
    case 'order': {
      const { name, to, from } = deed.turn;
      return {
        drafts: [{ kind: 'order', element: id, key: String(to) }],
        back: [{ kind: 'order', element: id, turn: { name, to: from, from: to } }],
        about: [id],
        locked: [],
      };
    }
    case 'text': {
      const before = element.text(deed.field);
      const back = inverse(deed.change, before);
      return {
        drafts: textDrafts(id, deed.field, deed.change),
        back: [{ kind: 'text', element: id, field: deed.field, change: back }],
        about: [id],
        locked: [],
      };
    }
  }
}

/** What undoes a birth stays such through redo: it asks each time whether the element is still one's own alone. */
function kept(act: Act, isBirth: boolean): Act {
  const back = act.back.map((deed) => ('isBirth' in deed ? { ...deed, isBirth } : deed));
  return { ...act, back };
}

function together(acts: readonly Act[]): Act {
  return {
    drafts: acts.flatMap((act) => act.drafts),
    back: acts.flatMap((act) => act.back),
    about: [...new Set(acts.flatMap((act) => act.about))],
    locked: acts.flatMap((act) => act.locked),
  };
}
