/**
 * Where an answer goes when nobody points: under the note it answers, or the nearest free place beside that. Pure.
 */
import { freePlace } from '../board/place';
import { centre, grow, overlaps, type Point } from '../board/geometry';
import type { Box } from './outline';

const GAP = 40;
const NOTE = { w: 200, h: 160 };

/** The middle of the new note. `taken`: where notes lie. */
export function answerPlace(to: Box, taken: readonly Box[]): Point {
  const below = { x: to.x + to.w / 2, y: to.y + to.h + GAP + NOTE.h / 2 };
  return centre(freePlace(below, NOTE.w, NOTE.h, (rect) => taken.some((box) => overlaps(grow(box, 8), rect))));
}
