/**
 * Pictures of a space: brought, fetched, shown (PROTOCOL-56).
 *
 * A picture is put on a board at once, also without a network: the element is there for everybody, its bytes wait on this device
 * (`pictures.ts`), and once the server has them the element is given its `asset`. Until then this device shows what was
 * chosen. What the server will never take is told, and its element is set aside.
 *
 * A fetched picture is checked against its asset (the SHA-256 of its bytes), kept on the device, and shown as a `blob:` address,
 * one a picture however many show it. Rejected: the picture's own address in `src` (the secret would have to be in it).
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { IMAGE_MAX_BYTES, IMAGE_MAX_SIDE } from '../wire/limits.ts';
import { Declined, type Http } from './http.ts';
import type { BoardReplica, Images, PlacedImage, Told } from './interface.ts';
import type { PictureBytes, PictureStore, Waiting } from './pictures.ts';
import type { Timers } from './timers.ts';

/** What the server takes as it is; anything else that a browser can read is drawn anew here first. */
const TAKEN = new Set(['image/png', 'image/jpeg', 'image/webp']);
const SHOWN = new Set(['image/png', 'image/jpeg']);
const UPLOAD_MS = 90_000;
const READY_MS = 15_000;
const FIRST_AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 60_000;
/** An address that nobody needs is let go after this long: what scrolls out often scrolls back in. */
const LET_GO_MS = 30_000;
/** Refusals that pass by themselves. */
const PASSING = new Set(['told.away', 'told.slow-down']);

/** What pictures need of their space. */
export interface ImageHost {
  readonly space: string;
  readonly http: Http;
  readonly timers: Timers;
  readonly mayEdit: boolean;
  readonly isWelcomed: boolean;
  tell(told: Told): void;
  /** A board, open or opened in the background for this. */
  board(board: string): Promise<BoardReplica>;
  /** What was done on a board is kept on the device from then on. */
  kept(board: string): Promise<void>;
  /** The board isn't needed in the background any more. */
  done(board: string): void;
  openStore(): Promise<PictureStore>;
}

interface Shown {
  count: number;
  address: Promise<string>;
  letGo: () => void;
}

export class SpaceImages implements Images {
  readonly #host: ImageHost;
  readonly #store: Promise<PictureStore>;
  readonly #shown = new Map<string, Shown>();
  /** Addresses of what waits on this device, by element. */
  readonly #previews = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #sending: Promise<void> | null = null;
  #isAskedAgain = false;
  #againMs = FIRST_AGAIN_MS;
  #stopAgain: () => void = () => undefined;
  #isClosed = false;

  constructor(host: ImageHost) {
    this.#host = host;
    this.#store = host.openStore();
    void this.#begin();
  }

  async #begin(): Promise<void> {
    for (const waiting of await this.#waiting()) this.#preview(waiting.element, waiting);
    this.send();
  }

  async #waiting(): Promise<readonly Waiting[]> {
    try {
      return await (await this.#store).waiting(this.#host.space);
    } catch {
      return [];
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // ---- bringing ---------------------------------------------------------------------------------------------------

  async putImage(picture: Blob): Promise<PlacedImage> {
    const { http, mayEdit } = this.#host;
    if (!mayEdit) throw new Declined('told.view-only');
    const body = await fitting(picture);
    const headers = { 'Content-Type': body.type };
    const { asset, w, h } = await http.json('/images', { method: 'POST', body, headers }, UPLOAD_MS);
    if (typeof asset !== 'string' || typeof w !== 'number' || typeof h !== 'number') throw new Declined('told.away');
    return { asset, w, h };
  }

  placeImage(
    replica: BoardReplica,
    picture: Blob,
    { x, y, w, h, alt = '' }: { x: number; y: number; w: number; h: number; alt?: string },
  ): string | null {
    const words = alt === '' ? {} : { words: { alt } };
    const [element] = replica.add([{ type: 'image', values: { x, y, w, h }, ...words }]);
    if (element === undefined) return null;
    this.#previews.set(element, URL.createObjectURL(picture));
    this.#changed();
    void this.#keepWaiting(replica.info.board, element, picture);
    return element;
  }

  async #keepWaiting(board: string, element: string, picture: Blob): Promise<void> {
    const { space, timers } = this.#host;
    const bytes = await picture.arrayBuffer();
    const store = await this.#store;
    try {
      await store.wait({ element, space, board, type: picture.type, bytes, at: timers.date() });
    } catch {
      this.#host.tell({ code: 'told.store', element, kept: '' });
      await this.#sendOne({ element, space, board, type: picture.type, bytes, at: timers.date() }).catch(() => undefined);
      return;
    }
    if (!this.#host.isWelcomed) this.#host.tell({ code: 'told.picture-waits', element, kept: '' });
    this.send();
  }

  waitingUrl(element: string): string | null {
    return this.#previews.get(element) ?? null;
  }

  #preview(element: string, { type, bytes }: PictureBytes): void {
    if (this.#previews.has(element) || this.#isClosed) return;
    this.#previews.set(element, URL.createObjectURL(new Blob([bytes], { type })));
    this.#changed();
  }

  /** Bring what waits. Called whenever there may be somebody to take it; a repeat is harmless. */
  send(): void {
    this.#stopAgain();
    if (this.#sending !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = null;
      if (this.#isAskedAgain) this.send();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isAskedAgain = false;
    for (const waiting of await this.#waiting()) {
      if (!this.#host.isWelcomed || !this.#host.mayEdit || this.#isClosed) return;
      try {
        await this.#sendOne(waiting);
        this.#againMs = FIRST_AGAIN_MS;
      } catch {
        this.#stopAgain = this.#host.timers.after(this.#againMs, () => this.send());
        this.#againMs = Math.min(this.#againMs * 2, LONGEST_AGAIN_MS);
        return;
      }
    }
  }

  /** Bring one picture and name it on its board. Rejects if it must be tried again later. */
  async #sendOne(waiting: Waiting): Promise<void> {
    try {
      await this.#nameIt(waiting, await this.#host.board(waiting.board));
    } finally {
      this.#host.done(waiting.board);
    }
    await (await this.#store).settled(waiting.element).catch(() => undefined);
    this.#letPreviewGo(waiting.element);
  }

  /** Give an element its picture, if it is on the board and has none yet. */
  async #nameIt(waiting: Waiting, replica: BoardReplica): Promise<void> {
    const { element, board } = waiting;
    if (!(await this.#isReady(replica))) throw new Declined('told.away');
    const there = replica.view.elements.get(element);
    if (there !== undefined && (there.props.get('asset') ?? '') === '') {
      try {
        const { asset } = await this.putImage(new Blob([waiting.bytes], { type: waiting.type }));
        replica.set(new Map([[element, { asset }]]));
      } catch (problem) {
        const code = problem instanceof Declined ? problem.code : 'told.away';
        if (PASSING.has(code)) throw problem;
        this.#host.tell({ code, element, kept: '' });
        replica.setAside([element]);
      }
      await this.#host.kept(board);
    }
  }

  /** Whether a board that was opened for this is folded up to its tip soon. */
  #isReady(replica: BoardReplica): Promise<boolean> {
    if (replica.ready) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isReady: boolean): void => {
        stopListening();
        stopWaiting();
        resolve(isReady);
      };
      const stopListening = replica.subscribe(() => {
        if (replica.ready) end(true);
      });
      const stopWaiting = this.#host.timers.after(READY_MS, () => end(false));
    });
  }

  /** The picture itself is fetched before what stands for it goes, so that nothing flickers. */
  #letPreviewGo(element: string): void {
    const address = this.#previews.get(element);
    if (address === undefined) return;
    this.#host.timers.after(LET_GO_MS, () => {
      URL.revokeObjectURL(address);
      this.#previews.delete(element);
      this.#changed();
    });
  }

  // ---- fetching ---------------------------------------------------------------------------------------------------

  imageUrl(asset: string): Promise<string> {
    let shown = this.#shown.get(asset);
    if (shown === undefined) {
      shown = { count: 0, address: this.#address(asset), letGo: () => undefined };
      this.#shown.set(asset, shown);
      // What couldn't be had may be there next time.
      shown.address.catch(() => this.#shown.delete(asset));
    }
    shown.letGo();
    shown.count += 1;
    return shown.address;
  }

  release(asset: string): void {
    const shown = this.#shown.get(asset);
    if (shown === undefined || shown.count === 0) return;
    shown.count -= 1;
    if (shown.count > 0) return;
    shown.letGo = this.#host.timers.after(LET_GO_MS, () => {
      this.#shown.delete(asset);
      void shown.address.then((address) => URL.revokeObjectURL(address));
    });
  }

  async #address(asset: string): Promise<string> {
    const store = await this.#store;
    const now = this.#host.timers.date();
    const seen = await store.seen(asset, now).catch(() => null);
    const picture = seen ?? (await this.#fetch(asset));
    if (seen === null) await store.keep(asset, picture, now).catch(() => undefined);
    return URL.createObjectURL(new Blob([picture.bytes], { type: picture.type }));
  }

  async #fetch(asset: string): Promise<PictureBytes> {
    const answer = await this.#host.http.ask(`/images/${asset}`, {}, UPLOAD_MS);
    const type = answer.headers.get('Content-Type') ?? '';
    let bytes: ArrayBuffer;
    try {
      bytes = await answer.arrayBuffer();
    } catch {
      throw new Declined('told.away'); // cut short on its way
    }
    if (!SHOWN.has(type) || bytesToHex(sha256(new Uint8Array(bytes))) !== asset) throw new Declined('told.no-such-picture');
    return { type, bytes };
  }

  // ---- ending -----------------------------------------------------------------------------------------------------

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopAgain();
    for (const address of this.#previews.values()) URL.revokeObjectURL(address);
    for (const { address, letGo } of this.#shown.values()) {
      letGo();
      void address.then((made) => URL.revokeObjectURL(made)).catch(() => undefined);
    }
    this.#previews.clear();
    this.#shown.clear();
  }
}

/** A picture as the server takes it. Rejects with Declined for what this browser can't read either. */
async function fitting(picture: Blob): Promise<Blob> {
  if (TAKEN.has(picture.type) && picture.size <= IMAGE_MAX_BYTES) return picture;
  const anew = await drawnAnew(picture);
  if (anew === null) throw new Declined(TAKEN.has(picture.type) ? 'told.picture-large' : 'told.picture-unread');
  if (anew.size > IMAGE_MAX_BYTES) throw new Declined('told.picture-large');
  return anew;
}

async function drawnAnew(picture: Blob): Promise<Blob | null> {
  try {
    const bitmap = await createImageBitmap(picture);
    const scale = Math.min(1, IMAGE_MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9));
  } catch {
    return null;
  }
}
