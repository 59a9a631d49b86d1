/**
 * What this device keeps of boards: pending edits until they are in the log, and the last state that was folded, so that a
 * page that is opened again shows its board at once and goes on where it was.
 *
 * Kept by tab, because a tab's pending words stand over the board as that tab had folded it. A tab holds a *lease* that it
 * renews; what a tab left behind that is gone may be *claimed* by another of the same participant, once (PROTOCOL-25).
 *
 * `DeviceStore` is IndexedDB; `MemoryStore` keeps the same promises until the page closes, for browsers that keep nothing
 * (then the status must say so: `isLasting`) and for tests. Rejected: localStorage (5 MB, and it blocks the page).
 */

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AnyEdit } from '../core/edits.ts';
import type { Missed } from './interface.ts';
import type { Point } from './outbox.ts';
import type { TipRecord } from './watch.ts';
import type { Own } from './slips.ts';
import type { Links } from '../wire/types.ts';
import type { Change } from './words.ts';

/** A tab that doesn't renew its lease for this long, and doesn't answer, is gone. */
export const LEASE_MS = 20_000;

export interface ItemRecord {
  readonly edit: AnyEdit;
  readonly change: Change;
  /** Where in the log `change` is true. */
  readonly over: Point;
}

export interface GroupRecord {
  readonly space: string;
  readonly board: string;
  readonly tab: string;
  readonly rank: number;
  readonly session: string;
  /** Null: never sent. */
  readonly n: number | null;
  readonly size: number;
  readonly unfolded: number;
  readonly items: readonly ItemRecord[];
}

/** A board as it was folded: canonical bytes (FOLD-70). */
export interface BoardRecord {
  readonly space: string;
  readonly board: string;
  readonly tab: string;
  readonly seq: number;
  readonly data: Uint8Array;
}

export interface TabRecord {
  readonly tab: string;
  readonly space: string;
  readonly author: string;
  /** Until when nobody may claim what it keeps, in ms of this device's clock. */
  readonly lease: number;
  readonly isClaimed: boolean;
}

/** What is known of a space before its server answers. */
export interface SpaceRecord {
  readonly space: string;
  readonly title: string;
  /** Which link this was last known by (a mark of it, not its secret), and what that allows. */
  readonly link: string;
  readonly mayEdit: boolean;
  readonly boards: readonly { readonly board: string; readonly title: string }[];
  /** The proof of its links (PROTOCOL-64). */
  readonly links?: Links | null;
}

/** A change that did not fit and waits for its person (missed.ts). */
export interface MissedRecord {
  readonly space: string;
  readonly board: string;
  readonly id: string;
  readonly missed: Missed;
}

/** A piece of a record: entries `from` to `to`, one after the other, and the chain after the last. */
export interface LogRecord {
  readonly space: string;
  readonly board: string;
  readonly from: number;
  readonly to: number;
  readonly chain: Uint8Array;
  readonly data: Uint8Array;
}

/** Changes that are kept all together or not at all. A repeat is harmless. */
export interface Keeping {
  readonly put?: readonly GroupRecord[];
  readonly gone?: readonly { readonly board: string; readonly rank: number }[];
  readonly state?: BoardRecord;
}

/** What a tab left behind on a board. */
export interface Left {
  readonly groups: readonly GroupRecord[];
  readonly state: BoardRecord | null;
}

export interface PendingStore {
  /** Whether what is kept here is still there when the page was closed. */
  readonly isLasting: boolean;
  /** Keep a tab's changes. Rejects if the device can't (full, or storage was taken away). */
  write(space: string, tab: string, changes: Keeping): Promise<void>;
  /** The latest state of a board that any tab kept. */
  latest(space: string, board: string): Promise<BoardRecord | null>;
  /** Hold the lease until `until`. False: another tab has claimed what this one kept. */
  renew(tab: TabRecord): Promise<boolean>;
  /** Tabs of a participant that left groups behind, the latest lease first, each with the boards. */
  left(space: string, author: string): Promise<{ readonly tab: TabRecord; readonly boards: readonly string[] }[]>;
  /** Take over what a tab left on a board, unless its lease holds at `now` or it was taken meanwhile. */
  claim(space: string, board: string, from: string, to: string, now: number): Promise<Left | null>;
  /** Forget tabs that are gone at `now` and left nothing. */
  tidy(space: string, now: number): Promise<void>;
  space(space: string): Promise<SpaceRecord | null>;
  keepSpace(record: SpaceRecord): Promise<void>;
  /** Keep a copy of a board that the server came back without (PROTOCOL-10). */
  keepCopy(record: BoardRecord): Promise<void>;
  /** Words of a board were withdrawn as of `seq`: forget every state and copy of it that is older. */
  forgetOlder(space: string, board: string, seq: number): Promise<void>;
  /** What waits for its person on a board; the same for all tabs. */
  missed(space: string, board: string): Promise<readonly MissedRecord[]>;
  keepMissed(record: MissedRecord): Promise<void>;
  /** A repeat is harmless. */
  forgetMissed(space: string, board: string, id: string): Promise<void>;
  /** The latest tip of a board that was right; the same for all tabs. */
  tip(space: string, board: string): Promise<TipRecord | null>;
  keepTip(record: TipRecord): Promise<void>;
  /** Keys of anonymous elements, with what is to be done to them yet; the same for all tabs. All boards', if none is named. */
  anonymous(space: string, board?: string): Promise<Own[]>;
  keepAnonymous(own: Own): Promise<void>;
  /** A repeat is harmless. */
  forgetAnonymous(space: string, board: string, element: string): Promise<void>;
  /** The pieces of a board's record, in order; the same for all tabs. */
  log(space: string, board: string): Promise<readonly LogRecord[]>;
  /** One more piece, or another in its place. */
  keepLog(record: LogRecord): Promise<void>;
  forgetLog(space: string, board: string): Promise<void>;
}

interface Schema extends DBSchema {
  groups: { key: [string, string, string, number]; value: GroupRecord };
  states: { key: [string, string, string]; value: BoardRecord };
  tabs: { key: string; value: TabRecord };
  spaces: { key: string; value: SpaceRecord };
  copies: { key: number; value: BoardRecord };
  missed: { key: [string, string, string]; value: MissedRecord };
  tips: { key: [string, string]; value: TipRecord };
  anonymous: { key: [string, string, string]; value: Own };
  logs: { key: [string, string, number]; value: LogRecord };
}

const NAME = 'tablecloth';
const VERSION = 5;
const MAX_COPIES = 8;
/** How long a page waits for its device's store before it goes on without. */
const OPENING_MS = 4_000;
const REMEMBERED_MS = 7 * 24 * 3_600_000;

function within(...start: string[]): IDBKeyRange {
  // An array sorts after every string and number: so this holds all keys with this beginning.
  return IDBKeyRange.bound(start, [...start, []]);
}

export class DeviceStore implements PendingStore {
  readonly isLasting = true;
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /** Opens the device's store, or one in memory where the browser keeps nothing. */
  static async open(name = NAME): Promise<PendingStore> {
    try {
      const opening = openDB<Schema>(name, VERSION, {
        upgrade: makeStores,
        // A newer page wants to change the store: let it. This one says that it keeps nothing any more.
        blocking: (_now, _wanted, event) => (event.target as IDBDatabase).close(),
      });
      return new DeviceStore(await inTime(opening));
    } catch {
      return new MemoryStore();
    }
  }

  async write(space: string, tab: string, changes: Keeping): Promise<void> {
    const { put = [], gone = [], state } = changes;
    const tx = this.#db.transaction(['groups', 'states'], 'readwrite');
    const groups = tx.objectStore('groups');
    for (const { board, rank } of gone) void groups.delete([space, board, tab, rank]);
    for (const record of put) void groups.put(record);
    if (state !== undefined) void tx.objectStore('states').put(state);
    await tx.done;
  }

  async latest(space: string, board: string): Promise<BoardRecord | null> {
    return latestOf(await this.#db.getAll('states', within(space, board)));
  }

  async renew(tab: TabRecord): Promise<boolean> {
    const tx = this.#db.transaction('tabs', 'readwrite');
    const held = await tx.store.get(tab.tab);
    const isMine = held?.isClaimed !== true;
    if (isMine) void tx.store.put(tab);
    await tx.done;
    return isMine;
  }

  async left(space: string, author: string): Promise<{ tab: TabRecord; boards: string[] }[]> {
    const tx = this.#db.transaction(['groups', 'tabs']);
    const [keys, tabs] = await Promise.all([
      tx.objectStore('groups').getAllKeys(within(space)),
      tx.objectStore('tabs').getAll(),
    ]);
    await tx.done;
    return leftOf(tabs, keys, space, author);
  }

  async claim(space: string, board: string, from: string, to: string, now: number): Promise<Left | null> {
    const tx = this.#db.transaction(['groups', 'states', 'tabs'], 'readwrite');
    const held = await tx.objectStore('tabs').get(from);
    const groups = tx.objectStore('groups');
    const records = await groups.getAll(within(space, board, from));
    if ((held !== undefined && held.lease > now) || records.length === 0) {
      await tx.done;
      return null;
    }
    const state = (await tx.objectStore('states').get([space, board, from])) ?? null;
    const mine = records.map((record) => ({ ...record, tab: to }));
    for (const record of records) void groups.delete([space, board, from, record.rank]);
    for (const record of mine) void groups.put(record);
    if (held !== undefined) void tx.objectStore('tabs').put({ ...held, isClaimed: true });
    if (state !== null) {
      void tx.objectStore('states').put({ ...state, tab: to });
      void tx.objectStore('states').delete([space, board, from]);
    }
    await tx.done;
    return { groups: mine, state: state === null ? null : { ...state, tab: to } };
  }

  async tidy(space: string, now: number): Promise<void> {
    const tx = this.#db.transaction(['groups', 'states', 'tabs'], 'readwrite');
    const keys = await tx.objectStore('groups').getAllKeys(within(space));
    const states = await tx.objectStore('states').getAll(within(space));
    const tabs = await tx.objectStore('tabs').getAll();
    const idle = idleTabs(tabs, keys, space, now);
    for (const tab of idle) void tx.objectStore('tabs').delete(tab);
    for (const [board, tab] of supersededBy(states, tabs, idle, keys)) {
      void tx.objectStore('states').delete([space, board, tab]);
    }
    await tx.done;
  }

  async space(space: string): Promise<SpaceRecord | null> {
    return (await this.#db.get('spaces', space)) ?? null;
  }

  async keepSpace(record: SpaceRecord): Promise<void> {
    await this.#db.put('spaces', record);
  }

  async keepCopy(record: BoardRecord): Promise<void> {
    const tx = this.#db.transaction('copies', 'readwrite');
    const keys = await tx.store.getAllKeys();
    for (const key of keys.slice(0, Math.max(0, keys.length + 1 - MAX_COPIES))) void tx.store.delete(key);
    void tx.store.add(record);
    await tx.done;
  }

  async forgetOlder(space: string, board: string, seq: number): Promise<void> {
    const tx = this.#db.transaction(['states', 'copies'], 'readwrite');
    for (const state of await tx.objectStore('states').getAll(within(space, board))) {
      if (state.seq < seq) void tx.objectStore('states').delete([space, board, state.tab]);
    }
    for (let at = await tx.objectStore('copies').openCursor(); at !== null; at = await at.continue()) {
      if (at.value.space === space && at.value.board === board) void at.delete();
    }
    await tx.done;
  }

  async missed(space: string, board: string): Promise<MissedRecord[]> {
    return this.#db.getAll('missed', within(space, board));
  }

  async keepMissed(record: MissedRecord): Promise<void> {
    await this.#db.put('missed', record);
  }

  async forgetMissed(space: string, board: string, id: string): Promise<void> {
    await this.#db.delete('missed', [space, board, id]);
  }

  async tip(space: string, board: string): Promise<TipRecord | null> {
    return (await this.#db.get('tips', [space, board])) ?? null;
  }

  async keepTip(record: TipRecord): Promise<void> {
    await this.#db.put('tips', record);
  }

  async anonymous(space: string, board?: string): Promise<Own[]> {
    return this.#db.getAll('anonymous', board === undefined ? within(space) : within(space, board));
  }

  async keepAnonymous(own: Own): Promise<void> {
    await this.#db.put('anonymous', own);
  }

  async forgetAnonymous(space: string, board: string, element: string): Promise<void> {
    await this.#db.delete('anonymous', [space, board, element]);
  }

  async log(space: string, board: string): Promise<LogRecord[]> {
    return following(await this.#db.getAll('logs', within(space, board)));
  }

  async keepLog(record: LogRecord): Promise<void> {
    await this.#db.put('logs', record);
  }

  async forgetLog(space: string, board: string): Promise<void> {
    await this.#db.delete('logs', within(space, board));
  }
}

/** Some browsers neither open a store nor refuse it (private windows, an older page that won't let go). */
async function inTime(opening: Promise<IDBPDatabase<Schema>>): Promise<IDBPDatabase<Schema>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the store does not open')), OPENING_MS);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a browser that was here before lacks. */
function makeStores(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 4) db.createObjectStore('anonymous', { keyPath: ['space', 'board', 'element'] });
  if (from < 3) db.createObjectStore('tips', { keyPath: ['space', 'board'] });
  if (from < 5) db.createObjectStore('logs', { keyPath: ['space', 'board', 'from'] });
  if (from < 2) db.createObjectStore('missed', { keyPath: ['space', 'board', 'id'] });
  if (from >= 1) return;
  db.createObjectStore('groups', { keyPath: ['space', 'board', 'tab', 'rank'] });
  db.createObjectStore('states', { keyPath: ['space', 'board', 'tab'] });
  db.createObjectStore('tabs', { keyPath: 'tab' });
  db.createObjectStore('spaces', { keyPath: 'space' });
  db.createObjectStore('copies', { autoIncrement: true });
}

/** Pieces that follow each other from the first entry on: two tabs may have kept the same. */
function following(records: readonly LogRecord[]): LogRecord[] {
  const kept: LogRecord[] = [];
  for (const record of records) if (record.from === (kept.at(-1)?.to ?? 0) + 1) kept.push(record);
  return kept;
}

type GroupKey = readonly [space: string, board: string, tab: string, rank: number];

function latestOf(states: readonly BoardRecord[]): BoardRecord | null {
  return states.reduce<BoardRecord | null>((best, one) => (best === null || one.seq > best.seq ? one : best), null);
}

function leftOf(
  tabs: readonly TabRecord[],
  keys: readonly GroupKey[],
  space: string,
  author: string,
): { tab: TabRecord; boards: string[] }[] {
  const boards = new Map<string, Set<string>>();
  for (const [, board, tab] of keys) boards.set(tab, (boards.get(tab) ?? new Set()).add(board));
  return tabs
    .filter((tab) => tab.space === space && tab.author === author && boards.has(tab.tab))
    .map((tab) => ({ tab, boards: [...(boards.get(tab.tab) ?? [])] }))
    .sort((one, two) => two.tab.lease - one.tab.lease);
}

/** Tabs that are long gone and left no group behind. A claimed one is remembered for a week: it may only have been frozen. */
function idleTabs(tabs: readonly TabRecord[], keys: readonly GroupKey[], space: string, now: number): string[] {
  const busy = new Set(keys.map(([, , tab]) => tab));
  const isIdle = (tab: TabRecord): boolean =>
    tab.space === space && tab.lease + (tab.isClaimed ? REMEMBERED_MS : LEASE_MS) < now && !busy.has(tab.tab);
  return tabs.filter(isIdle).map((tab) => tab.tab);
}

/** States of tabs that are gone, as [board, tab]: all but the latest of each board. */
function supersededBy(
  states: readonly BoardRecord[],
  tabs: readonly TabRecord[],
  idle: readonly string[],
  keys: readonly GroupKey[],
): [string, string][] {
  const alive = new Set(tabs.map((tab) => tab.tab).filter((tab) => !idle.includes(tab)));
  const busy = new Set(keys.map(([, board, tab]) => `${board} ${tab}`));
  return states
    .filter((state) => !alive.has(state.tab) && !busy.has(`${state.board} ${state.tab}`))
    .filter((state) => latestOf(states.filter((one) => one.board === state.board)) !== state)
    .map((state) => [state.board, state.tab]);
}

/** Keeps until the page closes. Several tabs of a test may share one. */
export class MemoryStore implements PendingStore {
  readonly isLasting: boolean = false;
  readonly #groups = new Map<string, GroupRecord>();
  readonly #states = new Map<string, BoardRecord>();
  readonly #tabs = new Map<string, TabRecord>();
  readonly #spaces = new Map<string, SpaceRecord>();
  readonly copies: BoardRecord[] = [];
  readonly #missed = new Map<string, MissedRecord>();
  readonly #tips = new Map<string, TipRecord>();
  readonly #anonymous = new Map<string, Own>();
  readonly #logs = new Map<string, LogRecord>();

  #keys(): GroupKey[] {
    return [...this.#groups.values()].map(({ space, board, tab, rank }) => [space, board, tab, rank]);
  }

  async write(space: string, tab: string, changes: Keeping): Promise<void> {
    for (const { board, rank } of changes.gone ?? []) this.#groups.delete([space, board, tab, rank].join(' '));
    for (const record of changes.put ?? []) this.#putGroup(structuredClone(record));
    if (changes.state !== undefined) this.#putState(changes.state);
    return Promise.resolve();
  }

  #putGroup(record: GroupRecord): void {
    this.#groups.set([record.space, record.board, record.tab, record.rank].join(' '), record);
  }

  #putState(record: BoardRecord): void {
    this.#states.set([record.space, record.board, record.tab].join(' '), record);
  }

  async latest(space: string, board: string): Promise<BoardRecord | null> {
    const states = [...this.#states.values()].filter((one) => one.space === space && one.board === board);
    return Promise.resolve(latestOf(states));
  }

  async renew(tab: TabRecord): Promise<boolean> {
    const isMine = this.#tabs.get(tab.tab)?.isClaimed !== true;
    if (isMine) this.#tabs.set(tab.tab, tab);
    return Promise.resolve(isMine);
  }

  async left(space: string, author: string): Promise<{ tab: TabRecord; boards: string[] }[]> {
    const keys = this.#keys().filter((key) => key[0] === space);
    return Promise.resolve(leftOf([...this.#tabs.values()], keys, space, author));
  }

  async claim(space: string, board: string, from: string, to: string, now: number): Promise<Left | null> {
    const held = this.#tabs.get(from);
    const records = [...this.#groups.values()]
      .filter((one) => one.space === space && one.board === board && one.tab === from)
      .sort((one, two) => one.rank - two.rank);
    if ((held !== undefined && held.lease > now) || records.length === 0) return Promise.resolve(null);
    const groups = records.map((record) => ({ ...record, tab: to }));
    for (const record of records) this.#groups.delete([space, board, from, record.rank].join(' '));
    for (const record of groups) this.#putGroup(record);
    if (held !== undefined) this.#tabs.set(from, { ...held, isClaimed: true });
    const old = this.#states.get([space, board, from].join(' '));
    const state = old === undefined ? null : { ...old, tab: to };
    if (state !== null) this.#putState(state);
    this.#states.delete([space, board, from].join(' '));
    return Promise.resolve({ groups: structuredClone(groups), state });
  }

  async tidy(space: string, now: number): Promise<void> {
    for (const tab of idleTabs([...this.#tabs.values()], this.#keys(), space, now)) this.#tabs.delete(tab);
    return Promise.resolve();
  }

  async space(space: string): Promise<SpaceRecord | null> {
    return Promise.resolve(this.#spaces.get(space) ?? null);
  }

  async keepSpace(record: SpaceRecord): Promise<void> {
    this.#spaces.set(record.space, record);
    return Promise.resolve();
  }

  async keepCopy(record: BoardRecord): Promise<void> {
    this.copies.push(record);
    return Promise.resolve();
  }

  async forgetOlder(space: string, board: string, seq: number): Promise<void> {
    for (const [key, one] of this.#states) {
      if (one.space === space && one.board === board && one.seq < seq) this.#states.delete(key);
    }
    const left = this.copies.filter((one) => one.space !== space || one.board !== board);
    this.copies.splice(0, this.copies.length, ...left);
    return Promise.resolve();
  }

  async missed(space: string, board: string): Promise<MissedRecord[]> {
    return Promise.resolve([...this.#missed.values()].filter((one) => one.space === space && one.board === board));
  }

  async keepMissed(record: MissedRecord): Promise<void> {
    this.#missed.set([record.space, record.board, record.id].join(' '), structuredClone(record));
    return Promise.resolve();
  }

  async forgetMissed(space: string, board: string, id: string): Promise<void> {
    this.#missed.delete([space, board, id].join(' '));
    return Promise.resolve();
  }

  async tip(space: string, board: string): Promise<TipRecord | null> {
    return Promise.resolve(this.#tips.get(`${space} ${board}`) ?? null);
  }

  async keepTip(record: TipRecord): Promise<void> {
    this.#tips.set(`${record.space} ${record.board}`, record);
    return Promise.resolve();
  }

  async anonymous(space: string, board?: string): Promise<Own[]> {
    const all = [...this.#anonymous.values()].filter((own) => own.space === space && (board ?? own.board) === own.board);
    return Promise.resolve(structuredClone(all));
  }

  async keepAnonymous(own: Own): Promise<void> {
    this.#anonymous.set([own.space, own.board, own.element].join(' '), structuredClone(own));
    return Promise.resolve();
  }

  async forgetAnonymous(space: string, board: string, element: string): Promise<void> {
    this.#anonymous.delete([space, board, element].join(' '));
    return Promise.resolve();
  }

  async log(space: string, board: string): Promise<LogRecord[]> {
    const all = [...this.#logs.values()].filter((one) => one.space === space && one.board === board);
    return Promise.resolve(following(all.sort((one, two) => one.from - two.from)));
  }

  async keepLog(record: LogRecord): Promise<void> {
    this.#logs.set([record.space, record.board, record.from].join(' '), record);
    return Promise.resolve();
  }

  async forgetLog(space: string, board: string): Promise<void> {
    for (const [key, one] of this.#logs) if (one.space === space && one.board === board) this.#logs.delete(key);
    return Promise.resolve();
  }
}
