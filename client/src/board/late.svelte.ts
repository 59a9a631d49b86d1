/** Something that is true only if it stays true for a while: what lasts a blink must not flicker. */

/** Reads `is` as an effect does; answers a rune. Call while a component is made. */
export function late(is: () => boolean, after_ms: number): { readonly now: boolean } {
  let now = $state(false);
  $effect(() => {
    if (!is()) {
      now = false;
      return;
    }
    const timer = setTimeout(() => (now = true), after_ms);
    return () => clearTimeout(timer);
  });
  return {
    get now(): boolean {
      return now;
    },
  };
}
