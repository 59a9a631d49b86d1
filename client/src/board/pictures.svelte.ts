/**
 * Pictures as this page has them: by the hash of their stored bytes, as addresses of blobs, fetched once each. What was just chosen from
 * this device is shown at once, before the server has it; what can't be had stays a frame with its words.
 */
import { SvelteMap } from 'svelte/reactivity';

export type Known =
  | { readonly kind: 'coming' }
  | { readonly kind: 'here'; readonly url: string; readonly image: HTMLImageElement }
  | { readonly kind: 'away' };

/** Where pictures come from: answers an address of its bytes; throws if it can't be had just now. */
export type Source = (asset: string) => Promise<string>;

const RETRY_MS = 15_000;

export class Pictures {
  /** A picture came or could not be had: what is painted must be painted anew. */
  oncome: () => void = () => {};
  readonly #known = new SvelteMap<string, Known>();
  readonly #source: Source;
  readonly #asked = new Map<string, number>();
  readonly #now: () => number;

  constructor(source: Source, now: () => number = () => performance.now()) {
    this.#source = source;
    this.#now = now;
  }

  /** What is known of a picture. Read it inside a derived value: it changes when the picture comes. */
  of(asset: string): Known {
    return this.#known.get(asset) ?? { kind: 'coming' };
  }

  /** Fetch it, if nobody did; again after a while, if it could not be had. */
  want(asset: string): void {
    if (asset === '' || this.#known.get(asset)?.kind === 'here') return;
    const asked = this.#asked.get(asset);
    if (asked !== undefined && this.#now() - asked < RETRY_MS) return;
    this.#asked.set(asset, this.#now());
    void this.#fetch(asset);
  }

  async #fetch(asset: string): Promise<void> {
    try {
      await this.#show(asset, await this.#source(asset));
    } catch {
      this.#known.set(asset, { kind: 'away' });
      this.oncome();
    }
  }

  async #show(asset: string, url: string): Promise<void> {
    const image = new Image();
    image.src = url;
    await image.decode();
    this.#known.set(asset, { kind: 'here', url, image });
    this.oncome();
  }

  /** The bytes are on this device already: nothing has to be fetched. */
  async keep(asset: string, bytes: Blob): Promise<void> {
    this.#asked.set(asset, this.#now());
    await this.#show(asset, URL.createObjectURL(bytes)).catch(() => this.#asked.delete(asset));
  }

  image(asset: string): HTMLImageElement | null {
    const known = this.#known.get(asset);
    return known?.kind === 'here' ? known.image : null;
  }
}
