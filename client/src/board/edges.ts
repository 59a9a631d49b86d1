/** A drag that reaches the edge of the surface takes the board along: how far, by how near the edge. Pure. */
import type { Size } from './camera';
import type { Point } from './geometry';

const EDGE_PX = 32;
/** At the very edge, in CSS pixels a frame. */
const FASTEST_PX = 14;

function push(at: number, length: number): number {
  if (length < 4 * EDGE_PX) return 0;
  if (at < EDGE_PX) return -Math.min(1, (EDGE_PX - at) / EDGE_PX) * FASTEST_PX;
  if (at > length - EDGE_PX) return Math.min(1, (at - length + EDGE_PX) / EDGE_PX) * FASTEST_PX;
  return 0;
}

/** The pan of one frame; 0, 0 away from the edges. */
export function edgePan(px: Point, size_px: Size): Point {
  return { x: push(px.x, size_px.width), y: push(px.y, size_px.height) };
}
