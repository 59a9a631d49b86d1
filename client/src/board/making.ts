/** New things, as the replica takes them: whole numbers within bounds, at places that cover nobody's words. Pure over a scene. */
import type { NewElement } from '../sync/interface';
import { centre, grow, overlaps, type Point, type Rect } from './geometry';
import { freePlace } from './place';
import { keepCoordinate, kept } from './resize';
import type { Scene } from './scene';

export const NOTE_SIZE = { w: 200, h: 160 };
export const ZONE_SIZE = { w: 800, h: 600 };

export function around(middle: Point, { w, h }: { readonly w: number; readonly h: number }): Rect {
  return { x: middle.x - w / 2, y: middle.y - h / 2, w, h };
}

/** The free place for a note nearest to a point. Zones are there to be written in. */
export function freeNotePlace(scene: Scene, middle: Point): Rect {
  const isTaken = (rect: Rect): boolean =>
    scene.search(grow(rect, 8)).some((item) => item.kind !== 'zone' && overlaps(scene.rect(item.id) ?? item.rect, rect));
  return freePlace(middle, NOTE_SIZE.w, NOTE_SIZE.h, isTaken);
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
