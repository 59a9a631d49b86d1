/** What can be proposed, and which parts each act takes (FOLD-102). Mirrors `core/acts.py`. */

import { numbersFit, SECTIONS } from './agreement.ts';
import { isAsset, isId, type Values } from './parts.ts';

export const ACTS = [
  'close',
  'reopen',
  'clear',
  'pause',
  'agreement',
  'restore',
  'rename',
  'removeimage',
  'newlinks',
] as const;

export type Act = (typeof ACTS)[number];

/** Acts about others' rights: with nobody but the proposer there, they fall (FOLD-105). */
export const NEVER_ALONE: ReadonlySet<string> = new Set(['pause', 'newlinks']);
/** Acts that nothing brings back: they wait their full time, even for one person alone (FOLD-105). */
export const WAITS_ALONE: ReadonlySet<string> = new Set(['removeimage']);
/** Acts about one board, never the space itself. */
const ON_BOARDS: ReadonlySet<string> = new Set(['close', 'reopen', 'clear', 'restore']);
const NAMED: readonly string[] = SECTIONS;

/** What is proposed, without who and when. */
export interface Parts {
  readonly act: string;
  readonly board: string;
  readonly about: string;
  readonly elements: readonly string[];
  readonly values: Values;
}

function isOneOf(act: string, ...acts: string[]): boolean {
  return acts.includes(act);
}

function isTwice(items: readonly string[]): boolean {
  return new Set(items).size !== items.length;
}

/** Whether a proposal has exactly the parts that its act takes. `words`: their names. */
export function actFits(space: string, author: string, parts: Parts, words: readonly string[]): boolean {
  const { act, board, about, elements, values } = parts;
  const isOnBoard = board !== '' && board !== space;
  if (ON_BOARDS.has(act) !== isOnBoard && !isOneOf(act, 'rename', 'removeimage')) return false;
  if ((!isOneOf(act, 'clear', 'removeimage') && elements.length > 0) || isTwice(elements)) return false;
  if (!isOneOf(act, 'pause', 'agreement', 'restore') && values.size > 0) return false;
  if ((!isOneOf(act, 'rename', 'agreement') && words.length > 0) || isTwice(words)) return false;
  if (!isOneOf(act, 'clear', 'pause', 'removeimage') && about !== '') return false;
  switch (act) {
    case 'close':
    case 'reopen':
      return true;
    case 'clear':
      return elements.length > 0 && (about === '' || isId(about));
    case 'pause':
      return board === '' && isId(about) && about !== author && isOne(values, 'minutes');
    case 'agreement':
      return (
        board === '' &&
        values.size + words.length > 0 &&
        numbersFit(values) &&
        words.every((name) => NAMED.includes(name))
      );
    case 'restore':
      return isOne(values, 'seq');
    case 'rename':
      return board !== '' && words.length === 1 && words[0] === 'title';
    case 'removeimage':
      return elements.length <= 1 && isAsset(about);
    case 'newlinks':
      return board === '';
    default:
      return false;
  }
}

/** Whether there is this one number, from 1 on, and no other. */
function isOne(values: Values, name: string): boolean {
  const value = values.get(name);
  return values.size === 1 && typeof value === 'number' && value >= 1;
}
