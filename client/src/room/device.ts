/**
 * What this device remembers of its person: name, language, theme, and the tables they were at. Nothing of it is ever sent
 * but the name, when they join.
 *
 * Kept in localStorage; where that is switched off, in memory until the page closes. What is read back is checked piece by
 * piece, because older versions of the page wrote it.
 */
import { isCode, type Code } from '../i18n';
import { TELLS, type Tells } from './others';

export const THEMES = ['device', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];
/** How large words are, in percent of what the device says. */
export const TEXT_SIZES = [100, 125, 150, 200] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export interface Recent {
  readonly space: string;
  readonly secret: string;
  /** The secret of the link for looking, where this device knows it. */
  readonly view: string | null;
  readonly title: string;
  readonly mayEdit: boolean;
  /** When this device was last there, ms. */
  readonly at: number;
}

const PREFIX = 'tablecloth.';
const MAX_RECENT = 40;

/** The part of `Storage` that is used here. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function browserShelf(): Shelf {
  try {
    const shelf = window.localStorage;
    shelf.setItem(`${PREFIX}try`, '1');
    shelf.removeItem(`${PREFIX}try`);
    return shelf;
  } catch {
    // Private windows and locked-down tablets: go on without remembering.
    return memoryShelf();
  }
}

function readRecent(value: unknown): Recent | null {
  if (typeof value !== 'object' || value === null) return null;
  const { space, secret, view, title, mayEdit, at } = value as Record<string, unknown>;
  if (typeof space !== 'string' || typeof secret !== 'string' || typeof title !== 'string') return null;
  return {
    space,
    secret,
    view: typeof view === 'string' ? view : null,
    title,
    mayEdit: mayEdit === true,
    at: typeof at === 'number' ? at : 0,
  };
}

export class Device {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  #read(key: string): string | null {
    return this.#shelf.getItem(PREFIX + key);
  }

  #write(key: string, value: string | null): void {
    try {
      if (value === null) this.#shelf.removeItem(PREFIX + key);
      else this.#shelf.setItem(PREFIX + key, value);
    } catch {
      // The device is full: only the remembering is lost.
    }
  }

  /** The name as last given; "" if they chose none, null if they were never asked. */
  get name(): string | null {
    return this.#read('name');
  }

  set name(name: string | null) {
    this.#write('name', name);
  }

  get language(): Code | null {
    const code = this.#read('language');
    return isCode(code) ? code : null;
  }

  set language(code: Code | null) {
    this.#write('language', code);
  }

  get theme(): Theme {
    const theme = this.#read('theme');
    return THEMES.find((one) => one === theme) ?? 'device';
  }

  set theme(theme: Theme) {
    this.#write('theme', theme);
  }

  /** Which of others' doings are announced to screen readers. */
  get tells(): Tells {
    const tells = this.#read('tells');
    // Older versions of the page wrote only whether.
    return TELLS.find((one) => one === tells) ?? (this.#read('announces') === 'no' ? 'none' : 'all');
  }

  set tells(tells: Tells) {
    this.#write('tells', tells);
    this.#write('announces', null);
  }

  /** Calm mode: nothing moves, nobody's pointer shows, one zone at a time. */
  get calm(): boolean {
    return this.#read('calm') === 'yes';
  }

  set calm(on: boolean) {
    this.#write('calm', on ? 'yes' : null);
  }

  /** Less motion than the device asks for. */
  get still(): boolean {
    return this.#read('still') === 'yes';
  }

  set still(on: boolean) {
    this.#write('still', on ? 'yes' : null);
  }

  get textSize(): TextSize {
    const size = Number(this.#read('text'));
    return TEXT_SIZES.find((one) => one === size) ?? 100;
  }

  set textSize(size: TextSize) {
    this.#write('text', size === 100 ? null : String(size));
  }

  /** New notes are written without one's name. */
  get unnamed(): boolean {
    return this.#read('unnamed') === 'yes';
  }

  set unnamed(on: boolean) {
    this.#write('unnamed', on ? 'yes' : null);
  }

  /** Tools where the left hand is. */
  get leftHanded(): boolean {
    return this.#read('hand') === 'left';
  }

  set leftHanded(on: boolean) {
    this.#write('hand', on ? 'left' : null);
  }

  /** Whether one finger draws, or pans while the pen is taken; null if nobody said. */
  get fingersDraw(): boolean | null {
    const said = this.#read('fingers');
    return said === null ? null : said !== 'pan';
  }

  set fingersDraw(draw: boolean) {
    this.#write('fingers', draw ? 'draw' : 'pan');
  }

  /** Whether the outline stands open beside the cloth on wide screens. */
  get outline(): boolean {
    return this.#read('outline') !== 'no';
  }

  set outline(on: boolean) {
    this.#write('outline', on ? null : 'no');
  }

  /** Snapping to what is near, which is on, and to a grid, which is off, until somebody says otherwise. */
  readonly lining = {
    read: (name: 'guides' | 'grid'): boolean => (this.#read(name) ?? (name === 'guides' ? 'yes' : 'no')) === 'yes',
    write: (name: 'guides' | 'grid', on: boolean): void => this.#write(name, on ? 'yes' : 'no'),
  };

  /** Whether others may ask to look somewhere. */
  get asked(): boolean {
    return this.#read('asked') !== 'no';
  }

  set asked(on: boolean) {
    this.#write('asked', on ? null : 'no');
  }

  /** Tables, the latest first. */
  get recent(): readonly Recent[] {
    try {
      const list: unknown = JSON.parse(this.#read('recent') ?? '[]');
      if (!Array.isArray(list)) return [];
      return list.map(readRecent).filter((entry) => entry !== null);
    } catch {
      return [];
    }
  }

  /** What is known of a table; the link for writing counts before the one for looking. */
  recentOf(space: string): Recent | undefined {
    return this.recent.find((entry) => entry.space === space);
  }

  /** Puts a table on top of the list. A link for looking does not displace one for writing, nor a known view link. */
  remember(entry: Omit<Recent, 'view'> & { view?: string | null }): void {
    const before = this.recentOf(entry.space);
    const merged: Recent =
      before?.mayEdit === true && !entry.mayEdit
        ? { ...before, title: entry.title, at: entry.at, view: entry.secret }
        : { ...entry, view: entry.view ?? before?.view ?? (before?.mayEdit === false && entry.mayEdit ? before.secret : null) };
    const others = this.recent.filter((one) => one.space !== entry.space);
    this.#write('recent', JSON.stringify([merged, ...others].slice(0, MAX_RECENT)));
  }

  forget(space: string): void {
    this.#write('recent', JSON.stringify(this.recent.filter((one) => one.space !== space)));
  }
}

let ours: Device | undefined;

/** This browser's memory. */
export function device(): Device {
  ours ??= new Device(browserShelf());
  return ours;
}
