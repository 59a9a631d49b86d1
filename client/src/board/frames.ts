/** Work that belongs to the next picture: once a frame however often it is asked for, and still done on a hidden page. */

/** Like `requestAnimationFrame`; a page that is not shown (or a test) goes on by a timer. */
export function nextFrame(work: (now: number) => void): void {
  if (typeof requestAnimationFrame === 'function' && document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(() => work(performance.now()), 16);
}

/** A function that asks for `work` in the next frame; asking again before that changes nothing. */
export function oncePerFrame(work: (now: number) => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    nextFrame((now) => {
      isAsked = false;
      work(now);
    });
  };
}
