/**
 * How much of the page one sees while a phone's keyboard stands over it. Some browsers make the page smaller by themselves, others lay
 * the keyboard over it and only tell the visual viewport: then `--seen` says how high the room may be, so that what is being written and the
 * button below it stay in sight.
 */

/** Less than this is the browser's own bars coming and going. */
const KEYBOARD_PX = 120;

/** Keeps `--seen` on the room in step. Answers how to stop. */
export function keepSeen(room: HTMLElement): () => void {
  const seen = window.visualViewport;
  if (seen === null) return () => undefined;
  const look = (): void => {
    // A pinch makes the visual viewport smaller too: that is looking closer, not a keyboard.
    const isCovered = Math.abs(seen.scale - 1) < 0.01 && window.innerHeight - seen.height > KEYBOARD_PX;
    if (isCovered) room.style.setProperty('--seen', `${Math.round(seen.height)}px`);
    else room.style.removeProperty('--seen');
    if (isCovered) document.activeElement?.scrollIntoView({ block: 'nearest' });
  };
  seen.addEventListener('resize', look);
  return () => seen.removeEventListener('resize', look);
}
