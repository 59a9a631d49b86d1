/** New things, as the replica takes them: whole numbers within bounds, at places that cover nobody's words. Pure over a scene. */
import type { Value } from '../core/edits';
import type { NewElement } from '../sync/interface';
import type { Form } from './forms';
import { centre, grow, overlaps, type Point, type Rect } from './geometry';
import { freePlace } from './place';
import { keepCoordinate, kept } from './resize';
import type { Scene } from './scene';

export const NOTE_SIZE = { w: 200, h: 160 };
export const NOTE_SIZES = {
  small: { w: 150, h: 120 },
  medium: NOTE_SIZE,
  large: { w: 300, h: 240 },
  wide: { w: 340, h: 160 },
} as const;
export type NoteSize = keyof typeof NOTE_SIZES;
export const ZONE_SIZE = { w: 800, h: 600 };
export const SHAPE_SIZE = { w: 200, h: 120 };
/** A new picture is no larger. */
export const PICTURE_SIZE = { w: 640, h: 480 };

export interface Size {
  readonly w: number;
  readonly h: number;
}

export function around(middle: Point, { w, h }: { readonly w: number; readonly h: number }): Rect {
  return { x: middle.x - w / 2, y: middle.y - h / 2, w, h };
}

/** The free place of a size nearest to a point. Zones are there to be written in. */
export function freePlaceFor(scene: Scene, middle: Point, { w, h }: Size): Rect {
  const isTaken = (rect: Rect): boolean =>
    scene.search(grow(rect, 8)).some((item) => item.kind !== 'zone' && overlaps(scene.rect(item.id) ?? item.rect, rect));
  return freePlace(middle, w, h, isTaken);
}

export function newNote(place: Rect, colour: string, text?: string): NewElement {
  const { x, y, w, h } = kept(place, 'note');
  return { type: 'note', values: { x, y, w, h, colour }, ...(text === undefined ? {} : { text }) };
}

export function newZone(place: Rect): NewElement {
  const { x, y, w, h } = kept(place, 'zone');
  return { type: 'zone', values: { x, y, w, h } };
}

/** Bound at both ends; where the ends lay is kept too, for when one of them is in the margin. */
export function newConnector(from: string, to: string, a: Rect, b: Rect): NewElement {
  const [start, end] = [centre(a), centre(b)];
  const ends = { x: keepCoordinate(start.x), y: keepCoordinate(start.y), x2: keepCoordinate(end.x), y2: keepCoordinate(end.y) };
  return { type: 'connector', values: { from, to, ...ends } };
}

export interface Look {
  readonly colour: string;
  readonly fill: string;
  readonly width?: number;
}

export function newShape(place: Rect, form: Form, look: Look): NewElement {
  const { x, y, w, h } = kept(place, 'shape');
  return { type: 'shape', values: { x, y, w, h, form, ...look } };
}

/** Bound to things, or free at points: each end has both. */
export function newLine(
  from: { readonly id: string; readonly at: Point },
  to: { readonly id: string; readonly at: Point },
  manner: Readonly<Record<string, Value>>,
): NewElement {
  const ends = { x: keepCoordinate(from.at.x), y: keepCoordinate(from.at.y), x2: keepCoordinate(to.at.x), y2: keepCoordinate(to.at.y) };
  return { type: 'connector', values: { from: from.id, to: to.id, ...ends, ...manner } };
}

export function newPicture(place: Rect, asset: string): NewElement {
  const { x, y, w, h } = kept(place, 'image');
  return { type: 'image', values: { x, y, w, h, asset } };
}
