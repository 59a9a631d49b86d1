/**
 * What the page tells a person at the foot of the cloth: changes that did not fit (with what was kept), and acts that can be
 * taken back by one press.
 *
 * What holds kept words never goes by itself. The rest goes after a while, but not while the keyboard or a pointer rests
 * on it. At most `MAX` are shown; more of the same kind are counted on one.
 */
import type { Told } from '../sync/interface';

export const LINGER_MS = 12_000;
const MAX = 4;

export interface Notice {
  readonly id: number;
  readonly kind: 'told' | 'offer';
  readonly text: string;
  /** How often the same was told. */
  readonly times: number;
  readonly kept: string;
  readonly element: string | null;
  readonly action: { readonly label: string; readonly act: () => void } | null;
}

export class Notices {
  #shown: readonly Notice[] = $state.raw([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  get shown(): readonly Notice[] {
    return this.#shown;
  }

  /** Something did not apply. `text` is its finished sentence. */
  tell(told: Told, text: string): void {
    const same = this.#shown.find((one) => one.kind === 'told' && one.text === text && one.kept === '' && told.kept === '');
    if (same !== undefined) {
      this.#replace(same.id, { ...same, times: same.times + 1, element: told.element });
      return;
    }
    this.#push({ kind: 'told', text, times: 1, kept: told.kept, element: told.element, action: null });
  }

  /** Something was done that one press takes back. Only the latest offer stands. */
  offer(text: string, label: string, act: () => void): void {
    for (const one of this.#shown) if (one.kind === 'offer') this.dismiss(one.id);
    this.#push({ kind: 'offer', text, times: 1, kept: '', element: null, action: { label, act } });
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#shown = this.#shown.filter((one) => one.id !== id);
  }

  /** Do not let it go while somebody is at it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Let it go after a while, unless it holds words. */
  release(id: number): void {
    this.hold(id);
    const notice = this.#shown.find((one) => one.id === id);
    if (notice === undefined || notice.kept !== '') return;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), LINGER_MS),
    );
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#shown = [];
  }

  #push(notice: Omit<Notice, 'id'>): void {
    const id = this.#next;
    this.#next += 1;
    this.#shown = [...this.#shown, { ...notice, id }];
    // Room is made by what holds no words; what does hold words may pile up, because it is somebody's work.
    const spare = this.#shown.filter((one) => one.kept === '' && one.id !== id);
    if (this.#shown.length > MAX && spare[0] !== undefined) this.dismiss(spare[0].id);
    this.release(id);
  }

  #replace(id: number, notice: Notice): void {
    this.#shown = this.#shown.map((one) => (one.id === id ? notice : one));
    this.release(id);
  }
}
