/** Notes, zones, shapes and pictures that do not stand on the page: painted as they would stand there, with words as far as they can be read. */
import { textDirection } from '../../i18n';
import { cornersOf, roomIn } from '../forms';
import { LINE_HEIGHT, noteScale, PAD_X, PAD_Y, SHAPE_PAD, weightOf, type Fit, type Font } from '../fit';
import type { Rect } from '../geometry';
import { formOf, nameOf, numberOf, type Item } from '../scene';
import { fitOf, shapeFitOf } from '../words.svelte';
import { dashOf } from './lines';
import { penColour, type Scenery } from './scenery';

/** Painted letters smaller than this, in pixels, become bars; smaller still, nothing. */
const READABLE_PX = 4.5;
const BAR_PX = 1.6;

export function drawBoxes(context: CanvasRenderingContext2D, items: readonly Item[], scenery: Scenery, zoom: number): void {
  context.textBaseline = 'alphabetic';
  for (const item of items) {
    const rect = scenery.scene.rect(item.id) ?? item.rect;
    if (item.kind === 'zone') drawZone(context, item, rect, scenery, zoom);
    else if (item.kind === 'shape') drawShape(context, item, rect, scenery, zoom);
    else if (item.kind === 'image') drawPicture(context, item, rect, scenery, zoom);
    else drawNote(context, item, rect, scenery, zoom);
  }
}

function drawZone(context: CanvasRenderingContext2D, item: Item, rect: Rect, { palette }: Scenery, zoom: number): void {
  const name = nameOf(item.element, 'colour');
  context.globalAlpha = name === 'white' ? 1 : 0.24;
  context.fillStyle = name === 'white' ? palette.cloth : (palette.notes.get(name) ?? palette.cloth);
  context.fillRect(rect.x, rect.y, rect.w, rect.h);
  context.globalAlpha = 1;
  context.lineWidth = Math.max(1.5, 1 / zoom);
  context.strokeStyle = palette.line;
  context.strokeRect(rect.x, rect.y, rect.w, rect.h);
  const size = 24;
  if (size * zoom < READABLE_PX) return;
  context.font = `700 ${size}px ${palette.family}`;
  context.fillStyle = palette.ink;
  const words = item.element.text();
  const isRtl = textDirection(words) === 'rtl';
  context.textAlign = isRtl ? 'right' : 'left';
  context.fillText(words, isRtl ? rect.x + rect.w - 18 : rect.x + 18, rect.y + 38, rect.w - 36);
}

function drawNote(context: CanvasRenderingContext2D, item: Item, rect: Rect, { palette }: Scenery, zoom: number): void {
  context.fillStyle = palette.notes.get(nameOf(item.element, 'colour')) ?? palette.cloth;
  context.fillRect(rect.x, rect.y, rect.w, rect.h);
  // White paper on white cloth has at least an edge.
  context.lineWidth = 1 / zoom;
  context.strokeStyle = palette.noteEdge;
  context.strokeRect(rect.x, rect.y, rect.w, rect.h);
  const scale = noteScale(rect.w, rect.h);
  const room = { x: rect.x + PAD_X * scale, y: rect.y + PAD_Y * scale, w: rect.w - 2 * PAD_X * scale, h: rect.h - 2 * PAD_Y * scale };
  if (isTooSmall(item, zoom * scale)) return;
  context.fillStyle = palette.noteInk;
  const fit = fitOf(item.element.text(), numberOf(item.element, 'w'), numberOf(item.element, 'h'), ...letteringOf(item));
  drawLines(context, item, fit, room, palette.family, zoom, false);
}

function drawShape(context: CanvasRenderingContext2D, item: Item, rect: Rect, scenery: Scenery, zoom: number): void {
  const { palette } = scenery;
  const form = formOf(item.element) ?? 'rectangle';
  const width = numberOf(item.element, 'width');
  const fill = nameOf(item.element, 'fill');
  context.beginPath();
  if (form === 'ellipse') context.ellipse(rect.x + rect.w / 2, rect.y + rect.h / 2, rect.w / 2, rect.h / 2, 0, 0, 2 * Math.PI);
  else for (const { x, y } of cornersOf(form, rect)) context.lineTo(x, y);
  context.closePath();
  if (fill !== 'none') {
    context.fillStyle = palette.notes.get(fill) ?? palette.cloth;
    context.fill();
  }
  context.lineWidth = Math.max(width, 0.8 / zoom);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = penColour(scenery, nameOf(item.element, 'colour'));
  context.setLineDash(dashOf(nameOf(item.element, 'line'), width));
  context.stroke();
  context.setLineDash([]);
  if (isTooSmall(item, zoom)) return;
  const inner = roomIn(form, rect.w, rect.h);
  const room = { x: rect.x + inner.x + SHAPE_PAD, y: rect.y + inner.y + SHAPE_PAD, w: inner.w - 2 * SHAPE_PAD, h: inner.h - 2 * SHAPE_PAD };
  const fit = shapeFitOf(item.element.text(), form, numberOf(item.element, 'w'), numberOf(item.element, 'h'), ...letteringOf(item));
  context.fillStyle = fill === 'none' ? palette.ink : palette.noteInk;
  drawLines(context, item, fit, room, palette.family, zoom, true);
}

function drawPicture(context: CanvasRenderingContext2D, item: Item, rect: Rect, scenery: Scenery, zoom: number): void {
  const picture = scenery.picture(nameOf(item.element, 'asset'));
  if (picture !== null) {
    context.drawImage(picture, rect.x, rect.y, rect.w, rect.h);
    return;
  }
  context.fillStyle = scenery.palette.cloth;
  context.fillRect(rect.x, rect.y, rect.w, rect.h);
  context.lineWidth = 1 / zoom;
  context.strokeStyle = scenery.palette.line;
  context.strokeRect(rect.x, rect.y, rect.w, rect.h);
}

/** The largest letters of an item of usual size would be less than a bar: no need to fit its words at all. */
function isTooSmall(item: Item, zoom: number): boolean {
  return 34 * zoom < BAR_PX || item.element.text() === '';
}

export function letteringOf(item: Item): readonly [font: Font, bold: boolean] {
  return [nameOf(item.element, 'font') as Font, numberOf(item.element, 'bold') === 1];
}

/** The lines of a fit in the room that they were fitted to: as letters, or as bars where letters can't be read. */
function drawLines(context: CanvasRenderingContext2D, item: Item, fit: Fit, room: Rect, family: string, zoom: number, inMiddle: boolean): void {
  const letters_px = fit.size * zoom;
  if (letters_px < BAR_PX) return;
  const high = fit.size * LINE_HEIGHT;
  const lines = fit.lines.slice(0, Math.max(1, Math.floor((room.h + 0.2 * fit.size) / high)));
  const top = inMiddle ? room.y + Math.max(0, (room.h - lines.length * high) / 2) : room.y;
  // A list stands at its side, wherever it is.
  const isCentred = inMiddle && fit.indents === undefined;
  const direction = nameOf(item.element, 'dir');
  const isRtl = direction === 'rtl' || (direction !== 'ltr' && textDirection(item.element.text()) === 'rtl');
  const anchor = isCentred ? room.x + room.w / 2 : isRtl ? room.x + room.w : room.x;
  if (letters_px < READABLE_PX) {
    context.globalAlpha = 0.35;
    for (const [index, line] of lines.entries()) {
      const long = Math.min(room.w, line.trim().length * fit.size * 0.5);
      const left = isCentred ? anchor - long / 2 : isRtl ? anchor - long : anchor;
      context.fillRect(left, top + (index + 0.3) * high, long, fit.size * 0.5);
    }
    context.globalAlpha = 1;
    return;
  }
  context.font = `${weightOf(numberOf(item.element, 'bold') === 1)} ${fit.size}px ${family}`;
  context.textAlign = isCentred ? 'center' : isRtl ? 'right' : 'left';
  for (const [index, line] of lines.entries()) {
    const indent = (fit.indents?.[index] ?? 0) * (isRtl ? -1 : 1);
    const y = top + (index + 0.74) * high;
    const label = fit.labels?.[index] ?? '';
    if (label !== '') context.fillText(label, anchor, y);
    context.fillText(line.trimEnd(), anchor + indent, y, room.w);
  }
}
