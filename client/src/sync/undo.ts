/**
 * Undo and redo of one's own acts on one board (FOLD-62): new edits that take back what one did, only as far as the thing
 * is still as one left it, and never what somebody else did.
 *
 * An act is a step of deeds; each deed says what would take it back. Undoing a step does its deeds, and what would take
 * these back is a step of the other stack.
 *
 * Words are taken back by a change that is the inverse of one's own, carried over all that others wrote since. The stacks of
 * one field form a chain: the top step is over what the screen shows, each below over what undoing the one above leaves. So
 * others' words are carried down the chain, and one's own are not: they are in it. (FOLD-62's other way, a new hand with an
 * old base, comes to the same words, and can't reach further back than the window.)
 */

import type { Board, Element, Value } from '../core/board.ts';
import { type Op, transform } from '../core/text.ts';
import { carried, type Change, compose } from './words.ts';

const DEPTH = 200;
/** Typing in one field without a pause of this length is one step, unless it goes to many places. */
const BURST_MS = 1000;
const BURST_STEPS = 64;

/** A property: what it goes back to, and what it must still be. */
export interface Turn<T> {
  readonly name: string;
  readonly to: T;
  readonly from: T;
}

/** What would take an act back. */
export type Deed =
  | { readonly kind: 'set-aside'; readonly element: string; readonly why: string; readonly isBirth: boolean }
  | { readonly kind: 'bring-back'; readonly element: string; readonly isBirth: boolean }
  | {
      readonly kind: 'set';
      readonly element: string;
      readonly values: readonly Turn<Value>[];
      readonly words: readonly Turn<string>[];
    }
  | { readonly kind: 'order'; readonly element: string; readonly turn: Turn<Value> }
  | { readonly kind: 'text'; readonly element: string; readonly field: string; change: Change };

/** A step that can't be done yet, because this element is locked. */
export interface Waits {
  readonly locked: string;
}

/** Whether a lock keeps the fold from applying this now (FOLD-53). */
function isHeld(deed: Deed, board: Board, now: number): boolean {
  if (deed.kind === 'text' || deed.kind === 'bring-back') return false;
  return board.elements.get(deed.element)?.isLocked(now) === true;
}

interface Step {
  deeds: readonly Deed[];
  /** When its last deed was done; of words alone. */
  typedAt: number | null;
}

export class Undo {
  readonly #author: string;
  #undo: Step[] = [];
  #redo: Step[] = [];

  constructor(author: string) {
    this.#author = author;
  }

  /** How many steps can be undone. */
  get depth(): number {
    return this.#undo.length;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** An act was done; `deeds` take it back, in this order. */
  did(deeds: readonly Deed[]): void {
    if (deeds.length === 0) return;
    this.#redo = [];
    this.#push(this.#undo, { deeds, typedAt: null });
  }

  /** The steps that `work` makes become one: what was done last is taken back first. Typed words keep their own steps. */
  together<T>(work: () => T): T {
    const below = this.#undo.at(-1);
    const result = work();
    const steps = this.#undo.splice(below === undefined ? 0 : this.#undo.lastIndexOf(below) + 1);
    this.#push(this.#undo, { deeds: steps.reverse().flatMap((step) => step.deeds), typedAt: null });
    return result;
  }

  /** Words on an element were withdrawn: no step brings them back. */
  forget(element: string): void {
    const left = (steps: readonly Step[]): Step[] =>
      steps
        .map((step) => ({ ...step, deeds: step.deeds.filter((deed) => deed.element !== element) }))
        .filter((step) => step.deeds.length > 0);
    this.#undo = left(this.#undo);
    this.#redo = left(this.#redo);
  }

  /** Words were typed at `now` (ms); `back` takes them back. Bursts become one step. */
  typed(element: string, field: string, back: Change, now: number): void {
    const last = this.#undo.at(-1);
    const deed = last?.deeds[0];
    this.#redo = [];
    if (last?.typedAt != null && now - last.typedAt < BURST_MS && deed?.kind === 'text') {
      const isSame = deed.element === element && deed.field === field;
      if (isSame && deed.change.op.length < BURST_STEPS) {
        deed.change = compose(back, deed.change);
        last.typedAt = now;
        return;
      }
    }
    this.#push(this.#undo, { deeds: [{ kind: 'text', element, field, change: back }], typedAt: now });
  }

  /**
   * What is to be done to undo the last step that can be undone, or null. The step is gone from the stack, unless something of
   * it is locked at `now` (ms of the log's clock): then it waits, whole, and nothing before it is undone in its place.
   */
  takeUndo(board: Board, now: number): readonly Deed[] | Waits | null {
    return this.#take(this.#undo, board, now);
  }

  takeRedo(board: Board, now: number): readonly Deed[] | Waits | null {
    return this.#take(this.#redo, board, now);
  }

  /** A step was undone; `deeds` would do it again. */
  undid(deeds: readonly Deed[]): void {
    this.#push(this.#redo, { deeds, typedAt: null });
  }

  /** A step was done again; `deeds` take it back. */
  redid(deeds: readonly Deed[]): void {
    this.#push(this.#undo, { deeds, typedAt: null });
  }

  /** The words of a field changed by something that was not done here. */
  changed(element: string, field: string, op: Op): void {
    for (const stack of [this.#undo, this.#redo]) {
      let other = op;
      for (let i = stack.length - 1; i >= 0; i -= 1) {
        for (const deed of (stack[i] as Step).deeds) {
          if (deed.kind !== 'text' || deed.element !== element || deed.field !== field) continue;
          const mine = deed.change;
          deed.change = carried(mine, other, false);
          other = transform(other, mine.op, true);
        }
      }
    }
  }

  #push(stack: Step[], step: Step): void {
    if (step.deeds.length === 0) return;
    stack.push(step);
    if (stack.length > DEPTH) stack.shift();
  }

  #take(stack: Step[], board: Board, now: number): readonly Deed[] | Waits | null {
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      const deeds = step.deeds.flatMap((deed) => this.#applicable(deed, board) ?? []);
      const held = deeds.find((deed) => isHeld(deed, board, now));
      if (held !== undefined) {
        stack.push(step);
        return { locked: held.element };
      }
      if (deeds.length > 0) return deeds;
    }
    return null;
  }

  /** A deed as far as the thing is still as one left it. */
  #applicable(deed: Deed, board: Board): Deed | null {
    const element = board.elements.get(deed.element);
    if (element === undefined) return null;
    switch (deed.kind) {
      case 'text':
        return deed.change.op.length > 0 ? deed : null;
      case 'set-aside':
        if (element.aside !== null) return null;
        return deed.isBirth && !this.#isMineAlone(element) ? null : deed;
      case 'bring-back':
        return element.aside?.stamp.author === this.#author ? deed : null;
      case 'order':
        return element.aside === null && this.#isAsLeft(element, deed.turn) ? deed : null;
      case 'set': {
        if (element.aside !== null) return null;
        const values = deed.values.filter((turn) => this.#isAsLeft(element, turn));
        const words = deed.words.filter((turn) => this.#isSaidStill(element, turn));
        return values.length + words.length === 0 ? null : { ...deed, values, words };
      }
    }
  }

  /** Setting aside what somebody else has written on since would take their words away too. */
  #isMineAlone(element: Element): boolean {
    for (const mark of element.hands.values()) if (mark.author !== this.#author) return false;
    return true;
  }

  #isAsLeft(element: Element, turn: Turn<Value>): boolean {
    return element.prop(turn.name) === turn.from && element.stamp(turn.name).author === this.#author;
  }

  #isSaidStill(element: Element, turn: Turn<string>): boolean {
    const said = element.words.get(turn.name) ?? '';
    return said === turn.from && element.stamp(turn.name).author === this.#author;
  }
}
