/** Safari tells a trackpad's pinch by events of its own. */
import type { Point } from './geometry';
import type { View } from './view.svelte';

/** Answers how to stop. */
export function pinchOfSafari(on: HTMLElement, view: View, pxOf: (event: { clientX: number; clientY: number }) => Point): () => void {
  let from = 1;
  const begin = (event: Event): void => {
    event.preventDefault();
    from = view.camera.zoom;
  };
  const change = (event: Event): void => {
    event.preventDefault();
    const { scale, clientX, clientY } = event as Event & { scale?: number; clientX?: number; clientY?: number };
    if (scale !== undefined) view.zoomAt(from * scale, pxOf({ clientX: clientX ?? 0, clientY: clientY ?? 0 }));
  };
  on.addEventListener('gesturestart', begin);
  on.addEventListener('gesturechange', change);
  return () => {
    on.removeEventListener('gesturestart', begin);
    on.removeEventListener('gesturechange', change);
  };
}
