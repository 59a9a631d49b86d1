/** The wheel and the trackpad: pan; with Ctrl, or a pinch on a trackpad, nearer and farther at the pointer. */
import type { Point } from './geometry';
import type { View } from './view.svelte';

/** What is needed of a WheelEvent. */
export interface Wheeled {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export function wheel(view: View, event: Wheeled, px: Point): void {
  // Lines and pages, where a browser counts in them.
  const unit = event.deltaMode === 1 ? 32 : event.deltaMode === 2 ? 400 : 1;
  let [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
  if (event.ctrlKey || event.metaKey) {
    // A pinch on a trackpad comes in small steps, a wheel in large ones: both are bounded.
    const step = Math.max(-50, Math.min(50, dy));
    view.zoomAt(view.camera.zoom * Math.exp(-step * 0.0095), px);
    return;
  }
  if (event.shiftKey && dx === 0) [dx, dy] = [dy, 0];
  view.panBy_px(dx, dy);
}
