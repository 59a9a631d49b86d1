/** From the browser's pointer events to what gestures need (modes.ts). */
import type { Point } from './geometry';
import type { Pointed } from './modes';
import type { PenPoint } from './strokes';

export function pointed(event: PointerEvent): Pointed {
  const { pointerId, pointerType, button, pressure, shiftKey, altKey, ctrlKey, metaKey, timeStamp } = event;
  return { pointerId, pointerType, button, pressure: pressureOf(event, pressure), shiftKey, altKey, ctrlKey, metaKey, timeStamp };
}

/** Only pens tell a pressure that means something. */
function pressureOf(event: PointerEvent, pressure: number): number {
  return event.pointerType === 'pen' && pressure > 0 ? pressure : 0.5;
}

/** All places of the pen since the last event. On plain http browsers tell only the last one (TRAPS 21). */
export function penPoints(event: PointerEvent, toBoard: (one: PointerEvent) => Point): PenPoint[] {
  const parts = typeof event.getCoalescedEvents === 'function' ? event.getCoalescedEvents() : [];
  return (parts.length > 0 ? parts : [event]).map((one) => ({ ...toBoard(one), pressure: pressureOf(one, one.pressure) }));
}
