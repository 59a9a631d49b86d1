/**
 * The four forms of a shape: their corners, where a way out of their middle crosses their edge, whether a point is inside, and where
 * words have room. Pure, in board units; all of a form's geometry is here, so that paint, links, hits and words agree.
 */
import { centre, distanceToSegment, type Point, type Rect } from './geometry';

export type Form = 'rectangle' | 'ellipse' | 'diamond' | 'triangle';
export const FORMS: readonly Form[] = ['rectangle', 'ellipse', 'diamond', 'triangle'];

/** Sides that stand for an ellipse where corners are wanted. */
const SIDES = 40;

export function formNamed(name: string): Form {
  return FORMS.find((form) => form === name) ?? 'rectangle';
}

/** The corners of a form in a rectangle, clockwise from the top; an ellipse as so many sides. */
export function cornersOf(form: Form, { x, y, w, h }: Rect): Point[] {
  const [right, bottom, cx, cy] = [x + w, y + h, x + w / 2, y + h / 2];
  switch (form) {
    case 'rectangle':
      return [{ x, y }, { x: right, y }, { x: right, y: bottom }, { x, y: bottom }];
    case 'diamond':
      return [{ x: cx, y }, { x: right, y: cy }, { x: cx, y: bottom }, { x, y: cy }];
    case 'triangle':
      return [{ x: cx, y }, { x: right, y: bottom }, { x, y: bottom }];
    case 'ellipse':
      return Array.from({ length: SIDES }, (_, i) => {
        const angle = (i / SIDES) * 2 * Math.PI - Math.PI / 2;
        return { x: cx + (Math.cos(angle) * w) / 2, y: cy + (Math.sin(angle) * h) / 2 };
      });
  }
}

/** Where the way from the middle towards `to` crosses the edge; the middle, if it leads nowhere. */
export function edgeOf(form: Form, rect: Rect, to: Point): Point {
  const from = centre(rect);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (dx === 0 && dy === 0) return from;
  const reach = form === 'ellipse' ? 1 / Math.hypot(dx / (rect.w / 2), dy / (rect.h / 2)) : crossing(from, dx, dy, cornersOf(form, rect));
  return Number.isFinite(reach) ? { x: from.x + dx * reach, y: from.y + dy * reach } : from;
}

/** How many times (dx, dy) from a point inside to the polygon's edge. */
function crossing(from: Point, dx: number, dy: number, corners: readonly Point[]): number {
  let reach = Infinity;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length] ?? a;
    const [ex, ey] = [b.x - a.x, b.y - a.y];
    const across = dx * ey - dy * ex;
    if (across === 0) continue;
    const t = ((a.x - from.x) * ey - (a.y - from.y) * ex) / across;
    const s = ((a.x - from.x) * dy - (a.y - from.y) * dx) / across;
    if (t > 1e-9 && s >= -1e-9 && s <= 1 + 1e-9) reach = Math.min(reach, t);
  }
  return reach;
}

export function isInside(form: Form, rect: Rect, at: Point): boolean {
  const { x, y, w, h } = rect;
  const [u, v] = [(at.x - x) / w, (at.y - y) / h];
  if (u < 0 || v < 0 || u > 1 || v > 1) return false;
  switch (form) {
    case 'rectangle':
      return true;
    case 'ellipse':
      return Math.hypot(u - 0.5, v - 0.5) <= 0.5;
    case 'diamond':
      return Math.abs(u - 0.5) + Math.abs(v - 0.5) <= 0.5;
    case 'triangle':
      return Math.abs(u - 0.5) <= v / 2;
  }
}

/** How far a point is from the outline. */
export function distanceToForm(form: Form, rect: Rect, at: Point): number {
  const corners = cornersOf(form, rect);
  return corners.reduce((least, a, i) => Math.min(least, distanceToSegment(at, a, corners[(i + 1) % corners.length] ?? a)), Infinity);
}

/** As parts of the form's width and height: the largest box that words can fill. */
const ROOM: Readonly<Record<Form, Rect>> = {
  rectangle: { x: 0, y: 0, w: 1, h: 1 },
  ellipse: { x: 0.146, y: 0.146, w: 0.708, h: 0.708 },
  diamond: { x: 0.22, y: 0.25, w: 0.56, h: 0.5 },
  triangle: { x: 0.24, y: 0.46, w: 0.52, h: 0.5 },
};

/** Where words have room in a form of w × h, from its corner. */
export function roomIn(form: Form, w: number, h: number): Rect {
  const part = ROOM[form];
  return { x: part.x * w, y: part.y * h, w: part.w * w, h: part.h * h };
}
