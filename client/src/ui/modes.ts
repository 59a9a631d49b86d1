/** Which modes the page is in, for what is not styled: read when asked, so that a change counts at once. */

/** Nothing glides or flies: the person or the device asked for it (or the person is in calm mode). */
export function isStill(): boolean {
  const wishes = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
  return wishes || (typeof document !== 'undefined' && document.documentElement.dataset['still'] === 'yes');
}

/** Calm mode: nobody else's pointer shows, nothing sounds, one zone at a time. */
export function isCalm(): boolean {
  return typeof document !== 'undefined' && document.documentElement.dataset['calm'] === 'yes';
}
