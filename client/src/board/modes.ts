/** What a hand can be in the middle of on the cloth (gestures.svelte.ts): a press, two fingers, or one of `hands/`. */
import type { Camera, Point, Rect } from './geometry';
import type { Item } from './scene';
import type { PenPoint } from './strokes';

/** What is needed of a PointerEvent. */
export interface Pointed {
  readonly pointerId: number;
  readonly pointerType: string;
  readonly button: number;
  readonly pressure: number;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly timeStamp: number;
}

/** Down, and not yet anything: a tap, a long press, or the beginning of something. */
export interface Press {
  readonly kind: 'press';
  readonly id: number;
  readonly px: Point;
  readonly at: Point;
  readonly item: Item | null;
  /** Whose name at their cursor was pressed. */
  readonly flag: string | null;
  readonly isTouch: boolean;
  /** `adds`: to what is chosen. `alone`: a zone without what lies in it. */
  readonly keys: { readonly adds: boolean; readonly alone: boolean };
  /** Ctrl, or the command key: an address is opened. */
  readonly opens: boolean;
  readonly pressure: number;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Two fingers. */
export interface Pinch {
  readonly kind: 'pinch';
  readonly middle: Point;
  readonly spread: number;
  readonly camera: Camera;
}

/** Where the pointer is now. `points`: all places of a pen since the last time, the last one being `at`. */
export interface Hand {
  readonly event: Pointed;
  readonly px: Point;
  readonly at: Point;
  readonly points: readonly PenPoint[];
}

/** Why a gesture ends before the hand let go: by Esc, by a second finger, or because the system took the pointer. */
export type Break = 'escape' | 'second' | 'lost';

/** Under way: a press that became something, by one pointer. */
export interface Going {
  readonly kind: 'pan' | 'drag' | 'resize' | 'marquee' | 'out' | 'link' | 'end' | 'draw' | 'erase';
  /** Of the pointer. */
  readonly id: number;
  /** At the edge of the surface the board goes along. */
  readonly takesBoard: boolean;
  follow(hand: Hand): unknown;
  /** The hand let go here. */
  finish(hand: Hand): unknown;
  /** All is as it was before. */
  cancel(why: Break): unknown;
}

export type Mode = { readonly kind: 'idle' } | Pinch | Press | Going;

/** A link on its way: from a thing (or a point) to a point, or to the thing under it. */
export interface Linking {
  readonly from: string | Point;
  readonly to: Point;
  readonly over: string | null;
}

/** What a gesture shows while it goes on, and what it may ask. */
export interface Afloat {
  marquee: Rect | null;
  /** What is being dragged out to become a thing. */
  zone: Rect | null;
  linking: Linking | null;
  /** Where things stay of which a second one is in the hand. */
  copies: readonly Rect[];
  /** What the eraser met so far: shown faint. */
  erased: ReadonlySet<string>;
  /** The topmost thing under a place of the surface. */
  hit(px: Point, isTouch: boolean, takes?: (item: Item) => boolean): Item | null;
  /** Things are shown elsewhere than they are stored, or a stroke grew. */
  onlive: () => void;
}
