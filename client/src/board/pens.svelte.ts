/**
 * What is in the hand that draws: which tip, and for each tip its colour and width; and whether fingers draw or pan.
 *
 * Once a pen was seen, fingers pan (a palm is no pen), until the person says otherwise. What was said is kept on this device; the
 * tips are not: everybody begins with a fine pen.
 */
import { device } from '../room/device';
import type { Pen, Tip } from './control';

const FIRST: Readonly<Record<Tip, Pen>> = {
  pen: { tip: 'pen', colour: 'ink', width: 4 },
  highlighter: { tip: 'highlighter', colour: 'teal', width: 28 },
  eraser: { tip: 'eraser', colour: 'ink', width: 16 },
};

export const WIDTHS: Readonly<Record<Tip, readonly [number, number, number]>> = {
  pen: [4, 8, 16],
  highlighter: [18, 28, 44],
  eraser: [8, 16, 32],
};

export class Pens {
  now: Pen = $state.raw(FIRST.pen);
  fingersDraw = $state(device().fingersDraw ?? true);
  #isSeen = false;
  readonly #tips = new Map<Tip, Pen>(Object.entries(FIRST) as [Tip, Pen][]);

  /** Another tip comes with the colour and the width that it had. */
  set(change: Partial<Pen>): void {
    const tip = change.tip ?? this.now.tip;
    this.now = { ...(this.#tips.get(tip) ?? FIRST[tip]), ...change };
    this.#tips.set(tip, this.now);
  }

  letFingers(draw: boolean): void {
    this.fingersDraw = draw;
    device().fingersDraw = draw;
  }

  /** A pen touched the surface. Answers whether fingers pan from now on, and drew before. */
  seen(): boolean {
    if (this.#isSeen) return false;
    this.#isSeen = true;
    const drew = this.fingersDraw && device().fingersDraw === null;
    if (drew) this.fingersDraw = false;
    return drew;
  }
}
