/**
 * The fold's own refusal as an early answer (DESIGN §3), and what no edit may contain. Mirrors `core/rules.py`.
 *
 * `refusal` asks, before an edit costs anything: would the fold apply this now? It reads the board and decides nothing.
 */

import { isAnonymous, mayWrite } from './anonymous.ts';
import type { Board, Element } from './board.ts';
import type { AnyEdit, BoardEdit, SetEdit, TextEdit, VaryEdit } from './edits.ts';
import { FIXED, typeOf, valuesFit } from './elements.ts';
import { held, type Reason } from './fold.ts';
import { decodePoints } from './ink.ts';
import { MAX_ELEMENTS, MAX_INK_POINTS, MAX_TEXT } from './limits.ts';
import { proposeRefusal, saidRefusal } from './proposals.ts';
import { isProposalEdit, type ProposalEdit } from './room-kinds.ts';
import { codePoints, handKey } from './text.ts';
import { copyFits, fitsWhole, variantRefusal, varyRefusal, wordsKept } from './whose.ts';

/** Control characters but tab and newline, placeholders, non-characters; with `u`, surrogates match only where they are lone. */
const UNFIT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffc\ufffe\uffff\ud800-\udfff]/u;
const ALL_UNFIT = new RegExp(UNFIT, 'gu');

/**
 * Whether words may enter a log (FOLD-37): no control characters but tab and newline, which no SVG or PDF could carry, no
 * non-characters, no placeholder, which would look like withdrawn words, and no lone surrogates, which UTF-8 can't hold.
 */
export function wordsFit(words: string): boolean {
  return !UNFIT.test(words);
}

/** Words as they may enter a log: line ends as newlines, and without what doesn't fit. */
export function fittingWords(words: string): string {
  return words.replace(/\r\n?/g, '\n').replace(ALL_UNFIT, '');
}

/** What is wrong with an edit by itself, on any board: a reason, or null. Schema and sizes were checked before. */
export function malformed(edit: AnyEdit): 'bad-value' | 'bad-words' | 'bad-ink' | null {
  switch (edit.kind) {
    case 'add':
      return valuesFit(edit.type, edit.values) ? null : 'bad-value';
    case 'set': {
      const isEmpty = edit.values.size + edit.words.size === 0;
      if (isEmpty || FIXED.some((name) => edit.values.has(name))) return 'bad-value';
      return [...edit.words.values()].every(wordsFit) ? null : 'bad-words';
    }
    case 'text': {
      const total = edit.splices.reduce((sum, splice) => sum + splice[2], 0);
      const isIdle = edit.splices.some((splice) => splice[1] === 0 && splice[2] === 0);
      return total === codePoints(edit.inserted) && !isIdle && wordsFit(edit.inserted) ? null : 'bad-words';
    }
    case 'ink': {
      const points = decodePoints(edit.points);
      return points !== null && points.length === edit.count ? null : 'bad-ink';
    }
    case 'set-aside':
    case 'lock':
    case 'object':
      return wordsFit(edit.why) ? null : 'bad-words';
    case 'vary': {
      const fits = edit.splice[2] === codePoints(edit.inserted) && wordsFit(edit.inserted);
      return fits ? null : 'bad-words';
    }
    case 'propose':
      return [edit.why, ...edit.words.values()].every(wordsFit) ? null : 'bad-words';
    case 'bring-back':
    case 'order':
    case 'unlock':
    case 'vote':
    case 'take-back':
    case 'resume':
    case 'unvary':
    case 'accept':
      return null;
  }
}

/**
 * Why the fold would not apply `edit` as the next entry, or null if it would, as far as this can be told cheaply.
 *
 * `now` (ms): about when that entry will be stamped. The board's own time stands still on a quiet board, and a lock must
 * expire there too. `k` is the caller's to check, because it must count edits that are on their way to the log.
 */
export function refusal(board: Board, author: string, edit: AnyEdit, now: number): Reason | null {
  const at = Math.max(now, board.at);
  if (isProposalEdit(edit) !== (board.board === board.space)) return 'wrong-board'; // FOLD-100
  if (isAnonymous(author) && (isProposalEdit(edit) || !mayWrite(author, edit.element))) return 'not-yours';
  if (edit.base > board.seq) return 'future-base';
  if (isProposalEdit(edit)) return proposalRefusal(board, author, edit, at);
  return board.decisions.held(author, at) ?? boardRefusal(board, author, edit, at);
}

function proposalRefusal(board: Board, author: string, edit: ProposalEdit, at: number): Reason | null {
  const proposal = board.decisions.proposals.get(edit.element);
  if (proposal !== undefined) return saidRefusal(author, proposal, edit.kind);
  if (edit.kind !== 'propose') return 'unknown-proposal';
  return proposeRefusal(board, at, author, edit, [...edit.words.keys()]);
}

function boardRefusal(board: Board, author: string, edit: BoardEdit, at: number): Reason | null {
  const element = board.elements.get(edit.element);
  if (edit.kind === 'add') {
    if (element !== undefined) return 'exists';
    if (board.elements.size >= MAX_ELEMENTS) return 'board-full';
    return copyFits(board, edit.values) ? null : 'bad-value';
  }
  if (element === undefined) return 'unknown-element';
  switch (edit.kind) {
    case 'set':
      return setRefusal(element, author, edit, at);
    case 'text':
      return textRefusal(board, author, element, edit);
    case 'ink':
      if (!typeOf(element.type).hasInk) return 'no-such-field';
      if (element.born.author !== author) return 'not-yours';
      return element.inkCount() + edit.count > MAX_INK_POINTS ? 'ink-full' : null;
    case 'set-aside':
    case 'order':
      return held(element, at);
    case 'bring-back':
      return element.aside === null ? 'not-aside' : null;
    case 'lock':
      return element.aside === null ? null : 'aside';
    case 'unlock':
      return element.isLocked(at) ? null : 'not-locked';
    case 'vary':
      return varyRefusal(element, author, edit) ?? lengthRefusal(element, edit);
    case 'unvary':
    case 'accept':
      return variantRefusal(element, author, edit);
  }
}

function lengthRefusal(element: Element, edit: VaryEdit): Reason | null {
  if (!typeOf(element.type).fields.includes(edit.field)) return fitsWhole(edit) ? null : 'bad-value';
  const length = element.texts.get(edit.field)?.length ?? 0;
  return edit.splice[2] > 0 && length + edit.splice[2] > MAX_TEXT ? 'text-full' : null;
}

function setRefusal(element: Element, author: string, edit: SetEdit, at: number): Reason | null {
  const { words } = typeOf(element.type);
  const fits = valuesFit(element.type, edit.values) && [...edit.words.keys()].every((name) => words.includes(name));
  if (!fits) return 'bad-value';
  if (edit.values.has('whose') && element.born.author !== author) return 'not-yours';
  return (edit.words.size > 0 ? wordsKept(element, author) : null) ?? held(element, at);
}

function textRefusal(board: Board, author: string, element: Element, edit: TextEdit): Reason | null {
  if (!typeOf(element.type).fields.includes(edit.field)) return 'no-such-field';
  const kept = wordsKept(element, author);
  if (kept !== null) return kept;
  const field = element.texts.get(edit.field);
  if (field === undefined) return null;
  const floor = field.floorAt(board.seq + 1, board.at);
  const last = field.bridges.get(handKey(author, edit.hand))?.base ?? 0;
  if (edit.base < Math.max(floor, last)) return 'old-base';
  return field.length + codePoints(edit.inserted) > MAX_TEXT ? 'text-full' : null;
}
