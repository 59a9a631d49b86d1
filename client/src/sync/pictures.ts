/**
 * What this device keeps of pictures: those it has seen, so that they show without a network, and those that wait to be
 * brought to the server. In a database of its own: pictures may be dropped when room is short, pending edits never.
 *
 * Of seen pictures the ones that were not used for the longest time go when they are too many bytes together; waiting ones stay.
 */

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** Seen pictures may take this many bytes of a device. */
const MOST_BYTES = 96 * 1024 * 1024;
const NAME = 'tablecloth-pictures';
const VERSION = 1;

export interface PictureBytes {
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

/** A picture that an element on a board waits for. */
export interface Waiting extends PictureBytes {
  readonly element: string;
  readonly space: string;
  readonly board: string;
  /** When it was put down, in ms of this device's clock. */
  readonly at: number;
}

export interface PictureStore {
  /** A picture that was seen here before. `now`: it was used just now. */
  seen(asset: string, now: number): Promise<PictureBytes | null>;
  keep(asset: string, picture: PictureBytes, now: number): Promise<void>;
  /** Rejects if the device can't keep it. */
  wait(waiting: Waiting): Promise<void>;
  /** Pictures of a space that wait, the first first. */
  waiting(space: string): Promise<readonly Waiting[]>;
  /** It waits no longer. A repeat is harmless. */
  settled(element: string): Promise<void>;
}

interface Use {
  readonly asset: string;
  readonly size: number;
  readonly used: number;
}

/** Which of the seen pictures must go, the longest unused first. */
function tooMany(uses: readonly Use[], most: number): string[] {
  let total = uses.reduce((sum, { size }) => sum + size, 0);
  const gone: string[] = [];
  for (const { asset, size } of [...uses].sort((a, b) => a.used - b.used)) {
    if (total <= most) break;
    gone.push(asset);
    total -= size;
  }
  return gone;
}

interface Schema extends DBSchema {
  pictures: { key: string; value: PictureBytes };
  uses: { key: string; value: Use };
  waiting: { key: string; value: Waiting };
}

export class DevicePictures implements PictureStore {
  readonly #db: IDBPDatabase<Schema>;
  readonly #most: number;

  private constructor(db: IDBPDatabase<Schema>, most: number) {
    this.#db = db;
    this.#most = most;
  }

  /** Opens the device's store, or one in memory where the browser keeps nothing. */
  static async open(name = NAME, most = MOST_BYTES): Promise<PictureStore> {
    try {
      const db = await openDB<Schema>(name, VERSION, {
        upgrade(made) {
          made.createObjectStore('pictures');
          made.createObjectStore('uses', { keyPath: 'asset' });
          made.createObjectStore('waiting', { keyPath: 'element' });
        },
        blocking: () => db.close(),
      });
      return new DevicePictures(db, most);
    } catch {
      return new MemoryPictures(most);
    }
  }

  async seen(asset: string, now: number): Promise<PictureBytes | null> {
    const picture = await this.#db.get('pictures', asset);
    if (picture === undefined) return null;
    await this.#db.put('uses', { asset, size: picture.bytes.byteLength, used: now });
    return picture;
  }

  async keep(asset: string, picture: PictureBytes, now: number): Promise<void> {
    const kept = this.#db.transaction(['pictures', 'uses'], 'readwrite');
    const pictures = kept.objectStore('pictures');
    const uses = kept.objectStore('uses');
    await uses.put({ asset, size: picture.bytes.byteLength, used: now });
    await pictures.put(picture, asset);
    for (const gone of tooMany(await uses.getAll(), this.#most)) {
      await pictures.delete(gone);
      await uses.delete(gone);
    }
    await kept.done;
  }

  async wait(waiting: Waiting): Promise<void> {
    await this.#db.put('waiting', waiting);
  }

  async waiting(space: string): Promise<readonly Waiting[]> {
    const all = await this.#db.getAll('waiting');
    return all.filter((one) => one.space === space).sort((a, b) => a.at - b.at);
  }

  async settled(element: string): Promise<void> {
    await this.#db.delete('waiting', element);
  }
}

/** The same promises until the page closes. */
export class MemoryPictures implements PictureStore {
  readonly #pictures = new Map<string, PictureBytes>();
  readonly #uses = new Map<string, Use>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #most: number;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  seen(asset: string, now: number): Promise<PictureBytes | null> {
    const picture = this.#pictures.get(asset) ?? null;
    if (picture !== null) this.#uses.set(asset, { asset, size: picture.bytes.byteLength, used: now });
    return Promise.resolve(picture);
  }

  keep(asset: string, picture: PictureBytes, now: number): Promise<void> {
    this.#pictures.set(asset, picture);
    this.#uses.set(asset, { asset, size: picture.bytes.byteLength, used: now });
    for (const gone of tooMany([...this.#uses.values()], this.#most)) {
      this.#pictures.delete(gone);
      this.#uses.delete(gone);
    }
    return Promise.resolve();
  }

  wait(waiting: Waiting): Promise<void> {
    this.#waiting.set(waiting.element, waiting);
    return Promise.resolve();
  }

  waiting(space: string): Promise<readonly Waiting[]> {
    return Promise.resolve([...this.#waiting.values()].filter((one) => one.space === space));
  }

  settled(element: string): Promise<void> {
    this.#waiting.delete(element);
    return Promise.resolve();
  }
}
