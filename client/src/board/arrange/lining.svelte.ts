/**
 * Snapping while something is in the hand: what is around it, how near counts, and the guides that are shown.
 *
 * Surroundings are those in view when the hand begins, and again when the board moved under it; the scene's index finds them. Ctrl or
 * Cmd held turns snapping off for the moment; the switch turns it off on this device. Keys never snap: they say exactly where to.
 */
import { overlaps, type Rect } from '../geometry';
import type { Handle } from '../resize';
import type { Desk } from './desk';
import { Surroundings, type Guide, type Snapped } from './snap';

/** How near to a line snaps to it, in CSS pixels. */
const REACH_PX = 7;
/** The grid, in board units. */
export const GRID = 20;
/** With more in view than this, only what is near the hand counts. */
const CROWDED = 500;
const NO_GUIDES: readonly Guide[] = [];
const FREE: Snapped = { dx: 0, dy: 0, guides: NO_GUIDES };

/** What this device remembers of it. */
export interface LiningMemory {
  read(name: 'guides' | 'grid'): boolean;
  write(name: 'guides' | 'grid', on: boolean): void;
}

export class Lining {
  guides: readonly Guide[] = $state.raw(NO_GUIDES);
  #isOn: boolean = $state(true);
  #hasGrid: boolean = $state(false);
  readonly #desk: Desk;
  readonly #memory: LiningMemory;

  constructor(desk: Desk, memory: LiningMemory) {
    this.#desk = desk;
    this.#memory = memory;
    this.#isOn = memory.read('guides');
    this.#hasGrid = memory.read('grid');
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  set isOn(on: boolean) {
    this.#isOn = on;
    this.#memory.write('guides', on);
  }

  get hasGrid(): boolean {
    return this.#hasGrid;
  }

  set hasGrid(on: boolean) {
    this.#hasGrid = on;
    this.#memory.write('grid', on);
  }

  /** Begin with things in the hand, that don't count as what is around them; `stays` does besides. */
  begin(moving: ReadonlySet<string>, stays: readonly Rect[] = []): InHand {
    return new InHand(this.#desk, this, moving, stays);
  }
}

/** One drag. Call `end` however it ends. */
export class InHand {
  readonly #desk: Desk;
  readonly #lining: Lining;
  readonly #moving: ReadonlySet<string>;
  readonly #stays: readonly Rect[];
  #around: { readonly area: Rect; readonly things: Surroundings } | null = null;

  constructor(desk: Desk, lining: Lining, moving: ReadonlySet<string>, stays: readonly Rect[]) {
    this.#stays = stays;
    this.#desk = desk;
    this.#lining = lining;
    this.#moving = moving;
  }

  /** How far the frame goes on, so that it is in line. `isFree`: not just now. */
  moved(frame: Rect, isFree: boolean): Snapped {
    return this.#shown(isFree ? FREE : this.#snapped(frame, (things, reach, grid) => things.move(frame, reach, grid)));
  }

  /** The frame with the dragged edges in line. */
  resized(frame: Rect, { x, y }: Handle, isFree: boolean): Rect {
    const { dx, dy } = this.#shown(
      isFree ? FREE : this.#snapped(frame, (things, reach, grid) => things.resize(frame, { x, y }, reach, grid)),
    );
    return {
      x: frame.x + (x < 0 ? dx : 0),
      y: frame.y + (y < 0 ? dy : 0),
      w: Math.max(1, frame.w + dx * x),
      h: Math.max(1, frame.h + dy * y),
    };
  }

  end(): void {
    this.#lining.guides = NO_GUIDES;
  }

  #shown(snapped: Snapped): Snapped {
    this.#lining.guides = snapped.guides;
    return snapped;
  }

  #snapped(frame: Rect, ask: (things: Surroundings, reach: number, grid: number) => Snapped): Snapped {
    const { isOn, hasGrid } = this.#lining;
    if (!isOn && !hasGrid) return FREE;
    const reach = REACH_PX / this.#desk.view.camera.zoom;
    return ask(isOn ? this.#things(frame) : NOTHING_AROUND, reach, hasGrid ? GRID : 0);
  }

  #things(frame: Rect): Surroundings {
    const { area } = this.#desk.view;
    const known = this.#around;
    if (known !== null && known.area.x === area.x && known.area.y === area.y && known.area.w === area.w) return known.things;
    let rects = this.#rectsIn(area);
    // From far everything is in line with something: only the neighbours count.
    if (rects.length > CROWDED) {
      const near = { x: frame.x - frame.w * 6, y: frame.y - frame.h * 6, w: frame.w * 13, h: frame.h * 13 };
      rects = rects.filter((rect) => overlaps(rect, near)).slice(0, CROWDED);
    }
    const things = new Surroundings([...rects, ...this.#stays]);
    this.#around = { area, things };
    return things;
  }

  #rectsIn(area: Rect): Rect[] {
    const { scene } = this.#desk;
    return scene
      .search(area)
      .filter((item) => item.kind !== 'connector' && item.kind !== 'ink' && !this.#moving.has(item.id))
      .map((item) => scene.rect(item.id) ?? item.rect);
  }
}

const NOTHING_AROUND = new Surroundings([]);
