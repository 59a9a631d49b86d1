/**
 * One field of one element in a real text box: what a person types becomes splices, what others type comes in without
 * moving caret, selection or scroll, and an input method is never disturbed.
 *
 * `#shown` is what the box holds. While nothing is being composed it equals the view's words. During a composition (IME,
 * and every word on many phones) the box is left alone: others' changes wait as ops (core/text.ts), what is composed is
 * carried over them letter by letter, and when the composition ends the box catches up. So words are on their way while
 * they are being composed, and neither side loses a letter.
 *
 * The box's own undo is never used: it would take back what others wrote. Rejected: contenteditable (every input method
 * differs), sending words only when a composition ends (a phone's keyboard composes whole sentences).
 */
import { MAX_TEXT } from '../core/limits';
import { codePoints, DELETE, INSERT, KEEP, spliceOp, transform, type Op } from '../core/text';
import type { BoardReplica } from '../sync/interface';
import { fitWords, inCodePoints, spliceBetween, toCodePoints, toUnits } from './splice';

/** What is needed of an HTMLTextAreaElement. */
export interface TextBox {
  value: string;
  scrollTop: number;
  readonly selectionStart: number | null;
  readonly selectionEnd: number | null;
  readonly selectionDirection: 'forward' | 'backward' | 'none' | null;
  setRangeText(words: string, start: number, end: number, mode: 'preserve'): void;
  setSelectionRange(start: number, end: number, direction?: 'forward' | 'backward' | 'none'): void;
}

export interface Writing {
  readonly replica: BoardReplica;
  readonly element: string;
  readonly field: string;
  /** Newlines become spaces: a title, a link's words. */
  readonly oneLine: boolean;
  /** The box holds these words now. */
  shown(words: string): void;
  /** My caret, in code points of the view. */
  moved(anchor: number, head: number): void;
  /** The field is full; the last input was not taken. */
  full(): void;
}

/** A position after `op`; at an insertion right there it goes behind it if `stickRight`. */
export function carry(op: Op, position: number, stickRight: boolean): number {
  let walked = 0;
  let at = position;
  for (let index = 0; index < op.length; index += 2) {
    const length = op[index + 1] ?? 0;
    if (op[index] === KEEP) walked += length;
    else if (op[index] === DELETE) at -= Math.max(0, Math.min(length, at - walked));
    else if (walked < at || (walked === at && stickRight)) {
      at += length;
      walked += length;
    } else break;
  }
  return at;
}

/** An op over `before` as splices that apply one after another, with the words that they insert. */
function splicesOf(op: Op, inserted: string): { position: number; deleted: number; inserted: string }[] {
  const splices: { position: number; deleted: number; inserted: string }[] = [];
  let at = 0;
  for (let index = 0; index < op.length; index += 2) {
    const length = op[index + 1] ?? 0;
    if (op[index] === KEEP) at += length;
    else if (op[index] === INSERT) {
      splices.push({ position: at, deleted: 0, inserted });
      at += length;
    } else splices.push({ position: at, deleted: length, inserted: '' });
  }
  return splices;
}

export class FieldWriter {
  readonly #box: TextBox;
  readonly #writing: Writing;
  readonly #leave: () => void;
  #shown = '';
  /** The view's words when they were last looked at. */
  #seen = '';
  /** Where the device stood when the box last equalled the view. */
  #token = 0;
  /** Others' changes over `#shown` that the box does not have yet. */
  #waiting: Op[] = [];
  #isComposing = false;
  #isTyping = false;

  constructor(box: TextBox, writing: Writing) {
    this.#box = box;
    this.#writing = writing;
    this.#shown = this.#seen = this.#words();
    this.#token = this.#tokenNow();
    box.value = this.#shown;
    const end = this.#shown.length;
    box.setSelectionRange(end, end);
    writing.shown(this.#shown);
    this.#leave = writing.replica.subscribe((event) => {
      if (event.kind === 'reset' || (event.kind === 'elements' && event.ids.has(writing.element))) this.follow();
    });
  }

  end(): void {
    this.#leave();
  }

  #words(): string {
    return this.#writing.replica.view.elements.get(this.#writing.element)?.text(this.#writing.field) ?? '';
  }

  #tokenNow(): number {
    return this.#writing.replica.caretToken(this.#writing.element, this.#writing.field);
  }

  /** Take what the person did: call at every `input` event. */
  input(): void {
    const before = this.#shown;
    const after = this.#fitting();
    if (after === null) return;
    const splice = spliceBetween(before, after, this.#box.selectionEnd);
    if (splice === null) return;
    this.#absorb();
    const { position, deleted, inserted } = inCodePoints(before, splice);
    let op = spliceOp([position, deleted, codePoints(inserted)]);
    this.#waiting = this.#waiting.map((other) => {
      const carried = transform(other, op, true);
      op = transform(op, other, false);
      return carried;
    });
    this.#shown = after;
    this.#isTyping = true;
    for (const part of this.#joined(op, inserted)) {
      this.#writing.replica.type(this.#writing.element, this.#writing.field, part.position, part.deleted, part.inserted);
    }
    this.#isTyping = false;
    this.#seen = this.#words();
    this.#writing.shown(after);
    if (!this.#isComposing) this.#settle();
    this.caretMoved();
  }

  /** A replacement is one edit where it can be: an insertion right before a deletion. */
  #joined(op: Op, inserted: string): { position: number; deleted: number; inserted: string }[] {
    const [first, second, ...rest] = splicesOf(op, inserted);
    if (first === undefined) return [];
    if (second !== undefined && rest.length === 0 && first.inserted !== '' && second.position === first.position + codePoints(first.inserted)) {
      return [{ position: first.position, deleted: second.deleted, inserted: first.inserted }];
    }
    return [first, ...(second === undefined ? [] : [second]), ...rest];
  }

  /** The box's words as a log takes them, or null if they can't be taken; the box is put right. */
  #fitting(): string | null {
    const raw = this.#box.value;
    const fit = (words: string): string => {
      const kept = fitWords(words);
      return this.#writing.oneLine ? kept.replace(/\n/g, ' ') : kept;
    };
    // Half a pair may stand in the box for a moment while an input method works.
    const words = this.#isComposing ? fitWords(raw) : fit(raw);
    if (codePoints(words) > MAX_TEXT && words.length > this.#shown.length) {
      const caret = this.#box.selectionEnd ?? 0;
      this.#box.value = this.#shown;
      const back = Math.min(this.#shown.length, Math.max(0, caret - (raw.length - this.#shown.length)));
      this.#box.setSelectionRange(back, back);
      this.#writing.full();
      return null;
    }
    if (words !== raw && !this.#isComposing) {
      const caret = fit(raw.slice(0, this.#box.selectionEnd ?? raw.length)).length;
      this.#box.value = words;
      this.#box.setSelectionRange(caret, caret);
    }
    return words;
  }

  /** Others' words since we last looked become an op that the box still has to catch up with. */
  #absorb(): void {
    const now = this.#words();
    if (now === this.#seen) return;
    const splice = spliceBetween(this.#seen, now);
    if (splice !== null) {
      const { position, deleted, inserted } = inCodePoints(this.#seen, splice);
      this.#waiting.push(spliceOp([position, deleted, codePoints(inserted)]));
    }
    this.#seen = now;
  }

  /** The view may have changed: bring the box up to it, unless something is being composed in it. */
  follow(): void {
    if (this.#isTyping) return;
    if (this.#isComposing) {
      this.#absorb();
      return;
    }
    if (this.#waiting.length > 0) this.#absorb();
    this.#settle();
  }

  #settle(): void {
    const words = this.#words();
    if (words !== this.#shown) this.#bring(words);
    this.#waiting = [];
    this.#seen = words;
    this.#token = this.#tokenNow();
  }

  #bring(words: string): void {
    const box = this.#box;
    const direction = box.selectionDirection ?? 'none';
    const [from, to] = [box.selectionStart ?? 0, box.selectionEnd ?? 0];
    const start = this.#carried(from, from !== to);
    const end = from === to ? start : Math.max(start, this.#carried(to, false));
    const scroll = box.scrollTop;
    const splice = spliceBetween(this.#shown, words);
    // Not `value = words`: that scrolls, and forgets which way a selection goes.
    if (splice !== null) box.setRangeText(splice.inserted, splice.position, splice.position + splice.deleted, 'preserve');
    if (box.value !== words) box.value = words;
    box.setSelectionRange(toUnits(words, start), toUnits(words, end), direction);
    box.scrollTop = scroll;
    this.#shown = words;
    this.#writing.shown(words);
  }

  /** Where a place in the box (UTF-16) is in the view (code points). */
  #carried(unit: number, stickRight: boolean): number {
    const position = toCodePoints(this.#shown, unit);
    if (this.#waiting.length > 0) return this.#waiting.reduce((at, op) => carry(op, at, stickRight), position);
    const { replica, element, field } = this.#writing;
    return replica.mapCaret(element, field, this.#token, position, stickRight);
  }

  composing(): void {
    if (!this.#isComposing) this.#settle();
    this.#isComposing = true;
  }

  composed(): void {
    if (!this.#isComposing) return;
    this.#isComposing = false;
    this.input();
    this.follow();
    this.caretMoved();
  }

  /** Undo or redo one's own; the caret goes to what changed. */
  took(back: () => string[] | null): void {
    if (this.#isComposing) return;
    const before = this.#shown;
    back();
    this.#settle();
    const splice = spliceBetween(before, this.#shown);
    if (splice === null) return;
    const at = splice.position + splice.inserted.length;
    this.#box.setSelectionRange(at, at);
    this.caretMoved();
  }

  /** Tell where the caret stands: call when the selection changed. */
  caretMoved(): void {
    const box = this.#box;
    const isBackward = box.selectionDirection === 'backward';
    const start = this.#place(box.selectionStart ?? 0);
    const end = this.#place(box.selectionEnd ?? 0);
    this.#writing.moved(isBackward ? end : start, isBackward ? start : end);
  }

  #place(unit: number): number {
    const position = toCodePoints(this.#shown, Math.min(unit, this.#shown.length));
    return this.#waiting.reduce((at, op) => carry(op, at, false), position);
  }
}
