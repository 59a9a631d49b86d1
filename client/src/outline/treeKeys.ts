/**
 * The keys of the outline's tree, as screen readers and the ARIA practices know them, and those of what one can do with a row.
 *
 * Letters go to the next row that begins with them, so no letter is a command here; commands are named keys, with Shift and Alt.
 * Left and right follow the direction of the language: towards the start folds.
 */
import type { Branch } from './outline';
import { typedAhead, type Row } from './rows';

export interface Acts {
  readonly add: (branch: Branch | null) => void;
  readonly zone: () => void;
  readonly reply: (branch: Branch) => void;
  readonly write: (branch: Branch) => void;
  readonly show: (branch: Branch) => void;
  readonly more: (branch: Branch) => void;
  readonly aside: (branch: Branch) => void;
  /** Among its neighbours, one later or one earlier. */
  readonly move: (branch: Branch, later: boolean) => void;
  readonly toZone: (branch: Branch, step: 1 | -1) => void;
}

export interface Walk {
  rows(): readonly Row[];
  /** Which row one stands on. */
  at(): number;
  goTo(row: Row): void;
  fold(key: string, to: boolean): void;
  find(): void;
  name(branch: Branch): string;
  isRtl(): boolean;
  mayEdit(): boolean;
  readonly acts: Acts;
}

export type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** Letters within this time make one word. */
const TYPING_MS = 900;
/** What a search by keys is kept for, besides letters and numbers. */
const PRINTABLE = /^[\p{L}\p{N}]$/u;

export class TreeKeys {
  readonly #walk: Walk;
  readonly #now: () => number;
  #typed = '';
  #typedAt = -Infinity;

  constructor(walk: Walk, now: () => number = () => performance.now()) {
    this.#walk = walk;
    this.#now = now;
  }

  /** Answers whether the key was taken. */
  press(event: Pressed): boolean {
    const row = this.#walk.rows()[this.#walk.at()];
    if (row === undefined) return false;
    if (event.ctrlKey || event.metaKey) return this.#chord(event);
    if (event.altKey) return this.#moved(event, row);
    if (this.#type(event)) return true;
    this.#typed = '';
    return this.#step(event, row) || this.#act(event, row);
  }

  #chord(event: Pressed): boolean {
    if (event.key.toLowerCase() !== 'f' || event.shiftKey || event.altKey) return false;
    this.#walk.find();
    return true;
  }

  #moved(event: Pressed, row: Row): boolean {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
    if (!this.#walk.mayEdit()) return true;
    const later = event.key === 'ArrowDown';
    if (event.shiftKey) this.#walk.acts.toZone(row.branch, later ? 1 : -1);
    else this.#walk.acts.move(row.branch, later);
    return true;
  }

  #step(event: Pressed, row: Row): boolean {
    const rows = this.#walk.rows();
    const at = this.#walk.at();
    const to = (index: number): true => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (next !== undefined) this.#walk.goTo(next);
      return true;
    };
    const [open, close] = this.#walk.isRtl() ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
    switch (event.key) {
      case 'ArrowDown':
        return to(at + 1);
      case 'ArrowUp':
        return to(at - 1);
      case 'Home':
        return to(0);
      case 'End':
        return to(rows.length - 1);
      case open:
        if (row.isFolded === true) this.#walk.fold(row.branch.key, false);
        else if (row.isFolded === false) to(at + 1);
        return true;
      case close:
        if (row.isFolded === false) this.#walk.fold(row.branch.key, true);
        else if (row.parent !== null) to(rows.findIndex(({ branch }) => branch.key === row.parent));
        return true;
      case '*':
        for (const one of rows) if (one.parent === row.parent && one.isFolded === true) this.#walk.fold(one.branch.key, false);
        return true;
      default:
        return false;
    }
  }

  #act(event: Pressed, row: Row): boolean {
    const { acts } = this.#walk;
    const did = (act: () => void): true => {
      act();
      return true;
    };
    const edits = (act: () => void): true => did(() => this.#walk.mayEdit() && act());
    switch (event.key) {
      case 'Enter':
        if (event.shiftKey) return edits(() => acts.reply(row.branch));
        if (row.branch.kind === 'drawings' || row.branch.kind === 'links')
          return did(() => this.#walk.fold(row.branch.key, row.isFolded === false));
        return did(() => acts.show(row.branch));
      case 'F2':
        return edits(() => acts.write(row.branch));
      case 'Insert':
      case '+':
        return edits(() => acts.add(row.branch));
      case 'Delete':
        return edits(() => acts.aside(row.branch));
      case 'ContextMenu':
        return did(() => acts.more(row.branch));
      case 'F10':
        return event.shiftKey && did(() => acts.more(row.branch));
      default:
        return false;
    }
  }

  #type(event: Pressed): boolean {
    if (!PRINTABLE.test(event.key)) return false;
    const now = this.#now();
    this.#typed = now - this.#typedAt < TYPING_MS ? this.#typed + event.key : event.key;
    this.#typedAt = now;
    // The same letter again and again goes from one to the next.
    const isSame = [...this.#typed].every((letter) => letter === event.key);
    const rows = this.#walk.rows();
    const at = typedAhead(rows, this.#walk.at(), isSame ? event.key : this.#typed, (branch) => this.#walk.name(branch));
    const row = at === null ? undefined : rows[at];
    if (row !== undefined) this.#walk.goTo(row);
    return true;
  }
}
