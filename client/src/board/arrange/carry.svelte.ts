/**
 * Moving and resizing without a drag: by arrow keys, and by the buttons of a small pad (WCAG 2.5.7).
 *
 * Steps that follow each other are one act: shown at once, kept as one step of undo once the hand rests, or when the pad is closed.
 * So a held arrow is not thirty entries a second for each thing. Nothing snaps here: a step is exactly a step.
 */
import { t } from '../../i18n';
import type { BoardController } from '../controller.svelte';
import { union, type Rect } from '../geometry';
import { Lifted } from '../lifted';
import { canResize } from '../resize';
import type { Item } from '../scene';

/** Keys that follow each other within this are one act. */
const REST_MS = 450;

export const STEP = 1;
export const LONG_STEP = 10;

interface InHand {
  readonly kind: 'move' | 'size';
  readonly lifted: Lifted;
  readonly frame: Rect;
  readonly ids: readonly string[];
  x: number;
  y: number;
}

export class Carry {
  /** What the pad does; null while it is closed. */
  pad: 'move' | 'size' | null = $state(null);
  /** Things are shown elsewhere than they are stored. */
  onlive: () => void = () => {};
  readonly #control: BoardController;
  #hand: InHand | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(control: BoardController) {
    this.#control = control;
  }

  /** Open the pad for what is chosen. */
  open(kind: 'move' | 'size'): void {
    this.settle();
    if (!this.#control.replica.mayEdit || this.#lift(kind) === null) return;
    this.pad = kind;
    this.#control.announce(t(kind === 'move' ? 'arrange.carry.move' : 'arrange.carry.size'));
  }

  /** Close the pad: what was moved stays, or goes back. */
  close(keeps: boolean): void {
    if (this.pad === null) return;
    this.pad = null;
    if (keeps) this.settle();
    else this.drop();
    this.#control.announce(t(keeps ? 'arrange.carry.kept' : 'arrange.carry.dropped'));
    this.#control.askFocus(this.#control.focused);
  }

  /** One step, in board units. Answers whether anything can move. */
  step(kind: 'move' | 'size', dx: number, dy: number): boolean {
    const now = this.#hand;
    const isSame = now !== null && now.kind === kind && isChosen(this.#control, now.ids);
    if (!isSame) this.settle();
    const hand = isSame ? now : this.#lift(kind);
    if (hand === null) return false;
    hand.x += dx;
    hand.y += dy;
    const { frame, lifted } = hand;
    if (kind === 'move') lifted.moveBy(hand.x, hand.y);
    else lifted.reframe(frame, { ...frame, w: Math.max(1, frame.w + hand.x), h: Math.max(1, frame.h + hand.y) });
    this.onlive();
    if (this.pad === null) this.#rest();
    else this.#say(hand);
    return true;
  }

  #lift(kind: 'move' | 'size'): InHand | null {
    const { arrange, scene } = this.#control;
    const chosen = arrange.holding.free(this.#control.items());
    const items: Item[] = kind === 'move' ? arrange.carried(chosen) : chosen.filter((item) => canResize(item.kind));
    const frame = union(items.map((item) => scene.rect(item.id) ?? item.rect));
    if (frame === null) return null;
    this.#hand = { kind, lifted: new Lifted(this.#control, items), frame, ids: [...this.#control.selection], x: 0, y: 0 };
    return this.#hand;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), REST_MS);
  }

  #say({ kind, x, y }: InHand): void {
    const { view, selection, scene } = this.#control;
    const now = union([...selection].flatMap((id) => scene.rect(id) ?? []));
    if (now !== null && view.isShown) view.reveal(now);
    if (kind === 'size' && now !== null) {
      this.#control.announce(t('board.resized', { width: Math.round(now.w), height: Math.round(now.h) }));
    } else this.#control.announce(t('arrange.carry.at', { across: x, down: y }));
  }

  /** Keep what was stepped so far. A repeat is harmless. */
  settle(): void {
    clearTimeout(this.#timer);
    const hand = this.#hand;
    this.#hand = null;
    if (hand === null) return;
    const hasMoved = hand.lifted.keep();
    this.onlive();
    if (!hasMoved || this.pad !== null) return;
    const { view, selection, scene } = this.#control;
    const now = union([...selection].flatMap((id) => scene.rect(id) ?? []));
    if (now !== null && view.isShown) view.reveal(now);
    if (hand.kind === 'size' && now !== null) {
      this.#control.announce(t('board.resized', { width: Math.round(now.w), height: Math.round(now.h) }));
    } else this.#control.announce(movedWords(hand.x, hand.y));
  }

  /** Back to where all lay before it was stepped. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#hand?.lifted.drop();
    this.#hand = null;
    this.onlive();
  }

  /** Whether steps are shown that are not kept yet. */
  get isUnderWay(): boolean {
    return this.#hand !== null;
  }
}

function isChosen(control: BoardController, ids: readonly string[]): boolean {
  return ids.length === control.selection.size && ids.every((id) => control.selection.has(id));
}

function movedWords(x: number, y: number): string {
  if (Math.abs(x) >= Math.abs(y)) return t(x < 0 ? 'board.moved.left' : 'board.moved.right');
  return t(y < 0 ? 'board.moved.up' : 'board.moved.down');
}
