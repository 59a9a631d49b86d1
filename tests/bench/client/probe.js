// Runs in every page that is measured: what a hand would do, once a frame, and how long frames took.
(() => {
  // A page that takes a second a frame is not waited for longer.
  const PATIENCE_MS = 12_000;
  const middle = () => ({ clientX: innerWidth / 2, clientY: innerHeight / 2 });
  let surface = null;
  const turn = (deltaX, deltaY, ctrlKey) => {
    const { clientX, clientY } = middle();
    surface ??= document.elementFromPoint(clientX, clientY)?.closest('.surface, .tl-canvas, .excalidraw__canvas, .excalidraw') ?? document.body;
    surface.dispatchEvent(new WheelEvent('wheel', { deltaX, deltaY, ctrlKey, clientX, clientY, bubbles: true, cancelable: true, composed: true }));
  };
  /** The zoom, by what the page itself says or shows. */
  const zoom = () => {
    if (window.peer?.zoom !== undefined) return window.peer.zoom();
    const scale = /scale\(([\d.e-]+)\)/.exec(document.querySelector('.world')?.style.transform ?? '');
    return scale === null ? NaN : Number(scale[1]);
  };
  const frames = (act, ms) =>
    new Promise((done) => {
      const times = [];
      let last = null;
      let began = null;
      const step = (now) => {
        began ??= now;
        if (last !== null) times.push(now - last);
        last = now;
        if (now - began >= ms) return done(times);
        act(times.length);
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
  const settled = async () => {
    const until = performance.now() + PATIENCE_MS;
    for (let calm = 0, last = performance.now(); calm < 10 && last < until; ) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      calm = now - last < 25 ? calm + 1 : 0;
      last = now;
    }
  };
  const reach = async (wanted) => {
    const until = performance.now() + PATIENCE_MS;
    for (let turns = 0; turns < 400 && performance.now() < until && Math.abs(Math.log(zoom() / wanted)) > 0.06; turns += 1) {
      const before = zoom();
      turn(0, before > wanted ? 24 : -24, true);
      await new Promise(requestAnimationFrame);
      if (turns > 20 && zoom() === before) break;
    }
    await settled();
    return zoom();
  };
  const strokes = [];
  let pressed = null;
  addEventListener('keydown', () => (pressed = performance.now()), { capture: true });
  addEventListener(
    'input',
    () => {
      const since = pressed;
      if (since === null) return;
      // After the next frame was made: then the letter is on the screen.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => strokes.push(performance.now() - since);
        channel.port2.postMessage(0);
      });
    },
    { capture: true },
  );
  window.probe = {
    zoom,
    reach,
    settled,
    strokes,
    /** Round in a circle, some 30 pixels a frame. */
    pan: (ms) => frames((at) => turn(Math.round(30 * Math.cos(at / 40)), Math.round(30 * Math.sin(at / 40)), false), ms),
    /** Out to `far`, in to `near`, and so on. */
    zoomed(ms, near, far) {
      let isOut = true;
      return frames(() => {
        const now = zoom();
        if (now <= far * 1.05) isOut = false;
        if (now >= near * 0.95) isOut = true;
        turn(0, isOut ? 8 : -8, true);
      }, ms);
    },
    still: (ms) => frames(() => {}, ms),
  };
})();
