/** What a hand can be in the middle of on the cloth (gestures.svelte.ts), as plain data. */
import type { Drawing } from './drawing';
import type { Camera, Point, Rect } from './geometry';
import type { Lifted } from './lifted';
import type { Handle } from './resize';
import type { Item } from './scene';

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
  readonly isTouch: boolean;
  /** `adds`: to what is chosen. `alone`: a zone without what lies in it. */
  readonly keys: { readonly adds: boolean; readonly alone: boolean };
  readonly pressure: number;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

export interface Pan {
  readonly kind: 'pan';
  readonly id: number;
  px: Point;
}

export interface Pinch {
  readonly kind: 'pinch';
  readonly middle: Point;
  readonly spread: number;
  readonly camera: Camera;
}

export interface Drag {
  readonly kind: 'drag';
  readonly id: number;
  readonly start: Point;
  readonly lifted: Lifted;
}

export interface Resize {
  readonly kind: 'resize';
  readonly id: number;
  readonly start: Point;
  readonly handle: Handle;
  readonly frame: Rect;
  readonly lifted: Lifted;
}

export interface Marquee {
  readonly kind: 'marquee';
  readonly id: number;
  readonly start: Point;
  readonly before: ReadonlySet<string>;
}

export interface ZoneDrag {
  readonly kind: 'zone';
  readonly id: number;
  readonly start: Point;
}

export interface LinkDrag {
  readonly kind: 'link';
  readonly id: number;
  readonly from: string;
}

export interface Draw {
  readonly kind: 'draw';
  readonly id: number;
  readonly drawing: Drawing;
}

/** Under way: a press that became something, by one pointer. */
export type Going = Pan | Drag | Resize | Marquee | ZoneDrag | LinkDrag | Draw;
export type Mode = { readonly kind: 'idle' } | Pinch | Press | Going;
