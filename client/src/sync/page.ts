/**
 * What the browser says of the page: online or not, another network, in front or behind, going away. Its word about the
 * network is a hint and no more: a board on one's own machine or in a hall without internet goes on while a device calls itself
 * offline, and a Wi-Fi hop kills connections without a word. So every such hint makes the connection be asked.
 */

/** What is done about it. */
export interface PageEvents {
  /** The device calls itself online or offline. */
  online(is: boolean): void;
  /** In front again, or on another network: what was connected may be dead. */
  awake(): void;
  /** The page may end any moment: keep what there is. */
  save(): void;
  /** The page ends. */
  leave(): void;
}

/** Listens until what it answers is called. */
export function watchPage(events: PageEvents): () => void {
  const stop = new AbortController();
  const on = (target: EventTarget, name: string, call: (event: Event) => void): void =>
    target.addEventListener(name, call, { signal: stop.signal });
  on(window, 'online', () => events.online(true));
  on(window, 'offline', () => events.online(false));
  // Only some browsers tell of another network (Network Information).
  const { connection } = navigator as { readonly connection?: EventTarget };
  if (connection !== undefined) on(connection, 'change', () => events.awake());
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') events.awake();
    else events.save();
  });
  on(document, 'freeze', () => events.save());
  on(document, 'resume', () => events.awake());
  on(window, 'pageshow', () => events.awake());
  on(window, 'pagehide', (event) => {
    events.save();
    // A page that may come back keeps its lease as long as that lasts.
    if (!(event as PageTransitionEvent).persisted) events.leave();
  });
  return () => stop.abort();
}
