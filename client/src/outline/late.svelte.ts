/** What is only on this device, and not just for the blink that saving takes: a name must not change twice with every letter. */
import { untrack } from 'svelte';

const AFTER_MS = 1500;
const NOTHING: ReadonlySet<string> = new Set();

interface Saving {
  readonly changes: number;
  readonly replica: { readonly unsaved: ReadonlySet<string> };
}

/** Create it while a component is set up. */
export function lateUnsaved(control: () => Saving): { readonly now: ReadonlySet<string> } {
  let now = $state.raw(NOTHING);
  let timer: ReturnType<typeof setTimeout> | undefined;
  $effect(() => {
    void control().changes;
    untrack(() => {
      const { unsaved } = control().replica;
      // What was saved meanwhile is no longer late.
      if ([...now].some((id) => !unsaved.has(id))) now = new Set([...now].filter((id) => unsaved.has(id)));
      if (unsaved.size === 0 || timer !== undefined) return;
      const waiting = [...unsaved];
      timer = setTimeout(() => {
        timer = undefined;
        const still = control().replica.unsaved;
        const late = waiting.filter((id) => still.has(id));
        if (late.length > 0 || now.size > 0) now = new Set(late);
      }, AFTER_MS);
    });
  });
  $effect(() => () => clearTimeout(timer));
  return {
    get now(): ReadonlySet<string> {
      return now;
    },
  };
}
