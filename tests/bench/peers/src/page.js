/**
 * What both peers' pages share: which scene is wanted, and what the measurer calls.
 *
 * `?scene=NAME` loads `/scenes/NAME.json` (our own plain list of things). With `prepare` the page turns it into the peer's own
 * format and leaves it in `window.peer.prepared`; without, it loads `/prepared/<peer>-NAME.json`, as the peer's own page would
 * load a stored board. So opening is measured on the peer's own terms.
 */
const asked = new URLSearchParams(location.search);
export const isPreparing = asked.has('prepare');
const name = asked.get('scene') ?? '0';

export async function load(peer) {
  const answer = await fetch(isPreparing ? `/scenes/${name}.json` : `/prepared/${peer}-${name}.json`);
  return answer.json();
}

/** `change(i)`: as if somebody else had moved or written the i-th note; the peer's own way for what comes from others. */
export function present(methods) {
  window.peer = { ...window.peer, ...methods };
}
