/**
 * Going from thing to thing by key, beside Tab: Ctrl and arrows go to the nearest thing that way, Home and End to the first and
 * last, letters to the next thing that begins with them.
 *
 * Plain arrows move what is chosen, as in every drawing program, so going takes Ctrl (or Cmd). Single letters are commands on the cloth,
 * so the first letter of a name is typed with Shift; letters that are no commands (Arabic ones, say) need none. What follows
 * within a moment belongs to the name.
 */
import { plain } from '../outline/rows';
import type { BoardController } from './controller.svelte';
import type { Keyed } from './keys';
import { calledShort } from './naming';
import { nearestTowards, type Way } from './towards';

const WAYS: Readonly<Record<string, Way>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const TYPING_MS = 900;
const LETTER = /^[\p{L}\p{N}]$/u;
const COMMAND = /^[a-z0-9]$/iu;

export class Walking {
  readonly #control: BoardController;
  readonly #now: () => number;
  #typed = '';
  #typedAt = -Infinity;

  constructor(control: BoardController, now: () => number = () => performance.now()) {
    this.#control = control;
    this.#now = now;
  }

  /** Answers whether the key was taken. Ask before the commands. */
  press(event: Keyed): boolean {
    const way = WAYS[event.key];
    if (event.altKey) return false;
    if (event.ctrlKey || event.metaKey) return way !== undefined && !event.shiftKey && this.#towards(way);
    if (event.key === 'Home' || event.key === 'End') return this.#goTo(event.key === 'Home' ? 0 : -1);
    if (!LETTER.test(event.key)) return false;
    const goesOn = this.#typed !== '' && this.#now() - this.#typedAt < TYPING_MS;
    if (!goesOn && COMMAND.test(event.key) && (!event.shiftKey || /[0-9]/u.test(event.key))) return false;
    return this.#type(event.key, goesOn, event.shiftKey);
  }

  #towards(way: Way): boolean {
    const { scene, view } = this.#control;
    const focused = this.#control.focused;
    const from = (focused === null ? null : this.#control.bounds(focused)) ?? { ...view.middle, w: 0, h: 0 };
    const next = nearestTowards(from, way, [...scene.items()].filter(({ id }) => id !== focused));
    if (next !== null) this.#control.focusElement(next);
    return true;
  }

  #goTo(at: 0 | -1): boolean {
    const id = this.#control.reading().at(at);
    if (id !== undefined) this.#control.focusElement(id);
    return true;
  }

  #type(letter: string, goesOn: boolean, shift: boolean): boolean {
    this.#typed = goesOn ? this.#typed + letter : letter;
    this.#typedAt = this.#now();
    const ids = this.#control.reading();
    const wanted = plain(this.#typed);
    const now = this.#control.focused === null ? -1 : ids.indexOf(this.#control.focused);
    // One letter goes on to the next thing; more of them stay as long as they fit.
    const start = goesOn ? Math.max(0, now) : now + 1;
    const { elements } = this.#control.replica.view;
    for (let step = 0; step < ids.length; step += 1) {
      const id = ids[(start + step) % ids.length];
      if (id === undefined || !plain(calledShort(elements.get(id))).startsWith(wanted)) continue;
      this.#control.focusElement(id);
      return true;
    }
    // Nothing is called so: a letter that is a command is one again.
    this.#typed = '';
    return !goesOn || shift || !COMMAND.test(letter);
  }
}
