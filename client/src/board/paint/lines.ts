/** Connectors on a sheet, replies among them: curved, straight or in right angles, solid, dashed or dotted, with their arrows. */
import type { Route } from '../connectors';
import { edgeOf } from '../forms';
import { centre, type Point } from '../geometry';
import { nameOf, numberOf, type Item } from '../scene';
import { penColour, type Scenery } from './scenery';

/** Corners of right angles are rounded so far. */
const ROUND = 14;

/** Dash and gap for a line of a width; round ends make dots of the shortest dashes. */
export function dashOf(line: string, width: number): number[] {
  if (line === 'dashed') return [width * 2.5 + 4, width * 2 + 4];
  return line === 'dotted' ? [0.01, width * 2 + 2] : [];
}

function drawWay(context: CanvasRenderingContext2D, { start, control, end, way }: Route): void {
  context.beginPath();
  context.moveTo(start.x, start.y);
  if (control !== null) context.quadraticCurveTo(control.x, control.y, end.x, end.y);
  else {
    for (let i = 1; i + 1 < way.length; i += 1) {
      const [corner, next] = [way[i] ?? end, way[i + 1] ?? end];
      const before = way[i - 1] ?? start;
      const room = Math.min(ROUND, apart(before, corner) / 2, apart(corner, next) / 2);
      context.arcTo(corner.x, corner.y, next.x, next.y, room);
    }
    context.lineTo(end.x, end.y);
  }
  context.stroke();
}

function apart(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

export function drawRoute(context: CanvasRenderingContext2D, route: Route, width: number, line: string): void {
  context.lineWidth = width;
  context.lineCap = context.lineJoin = 'round';
  const dash = dashOf(line, width);
  if (dash.length > 0) context.setLineDash(dash);
  drawWay(context, route);
  if (dash.length > 0) context.setLineDash([]);
  if (route.arrows.length === 0) return;
  context.beginPath();
  for (const { tip, barbs } of route.arrows) {
    context.moveTo(barbs[0].x, barbs[0].y);
    context.lineTo(tip.x, tip.y);
    context.lineTo(barbs[1].x, barbs[1].y);
  }
  context.stroke();
}

export function drawLines(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery): void {
  for (const item of items) {
    const route = scenery.scene.route(item.id);
    if (route === null) continue;
    context.strokeStyle = penColour(scenery, nameOf(item.element, 'colour'));
    drawRoute(context, route, numberOf(item.element, 'width'), nameOf(item.element, 'line'));
  }
}

/** A thin line from each reply to what it answers, with a dot at the answer's side. */
export function drawReplies(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery): void {
  const { scene, palette } = scenery;
  context.strokeStyle = context.fillStyle = palette.line;
  context.lineWidth = 2;
  context.lineCap = 'round';
  for (const item of items) {
    const [own, other] = [scene.rect(item.id), scene.rect(nameOf(item.element, 're'))];
    if (own === undefined || other === undefined) continue;
    const [from, to] = [edgeOf('rectangle', other, centre(own)), edgeOf('rectangle', own, centre(other))];
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    context.beginPath();
    context.arc(to.x, to.y, 4, 0, 2 * Math.PI);
    context.fill();
  }
}
