/**
 * When an outline is made anew: with every change on an ordinary cloth, a few times a second on a very large one, where sorting
 * thousands of notes for every letter that somebody types would slow the typing itself.
 */
import { untrack } from 'svelte';

const LARGE = 600;
const EVERY_MS = 300;

/** What is needed of the board's controller. */
interface Changing {
  readonly changes: number;
  readonly replica: { readonly view: { readonly elements: { readonly size: number } } };
}

/** A number that grows when it is time to look again. Create it while a component is set up. */
export function pace(control: () => Changing): { readonly turn: number } {
  let slow = $state(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLarge = (): boolean => control().replica.view.elements.size > LARGE;
  $effect(() => {
    void control().changes;
    untrack(() => {
      if (!isLarge()) {
        slow += 1;
        return;
      }
      timer ??= setTimeout(() => {
        timer = undefined;
        slow += 1;
      }, EVERY_MS);
    });
  });
  $effect(() => () => clearTimeout(timer));
  return {
    get turn(): number {
      const now = untrack(() => isLarge());
      return now ? slow : control().changes;
    },
  };
}
