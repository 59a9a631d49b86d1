/**
 * The verbs that put things in order: align, distribute, tidy, pile, group, hold still, move without dragging. Every verb is one step of
 * undo, leaves alone what is held (and says so), and says in words what it did.
 *
 * Which places come out of it is pure (align.ts); here they are read from the scene and given to the replica.
 */
import { typeOf } from '../../core/elements';
import { t, language } from '../../i18n';
import type { Value } from '../../sync/interface';
import type { Where } from '../control';
import { encloses, moved, overlaps, union, type Rect } from '../geometry';
import { carriedBy } from '../hit';
import { canResize } from '../resize';
import type { Item } from '../scene';
import { calledShort } from '../naming';
import { freePlace } from '../place';
import { aligned, distributed, placed, sameSized, tidied, type Axis, type Edge, type Unit } from './align';
import type { Desk } from './desk';
import { Groups, unitsOf } from './groups.svelte';
import { Holding } from './holding.svelte';
import { Lining, type LiningMemory } from './lining.svelte';

/** Room between the edge of a zone and what is moved into it; its title stands above. */
const ZONE_PAD = 32;
const ZONE_HEAD = 64;

export class Arranging {
  readonly groups: Groups;
  readonly holding: Holding;
  readonly lining: Lining;
  readonly #desk: Desk;

  constructor(desk: Desk, memory: LiningMemory) {
    this.#desk = desk;
    this.groups = new Groups(desk);
    this.holding = new Holding(desk);
    this.lining = new Lining(desk, memory);
  }

  close(): void {
    this.holding.close();
  }

  // ---- places

  align(edge: Edge): void {
    this.#arrange(2, (units) => aligned(units, edge), t(`arrange.align.${edge}.done`));
  }

  distribute(axis: Axis): void {
    this.#arrange(3, (units) => distributed(units, axis), t(`arrange.distribute.${axis}.done`));
  }

  tidy(): void {
    this.#arrange(2, (units) => tidied(units, language.direction), t('arrange.tidy.done'));
  }

  sameSize(): void {
    const takes = (unit: Unit): boolean => unit.ids.length === 1 && this.#desk.items(unit.ids).every((item) => canResize(item.kind));
    this.#arrange(2, (units) => sameSized(units, takes), t('arrange.same.done'));
  }

  /** Whether there is something to arrange. */
  get units(): number {
    return unitsOf(this.#desk.items()).length;
  }

  #arrange(least: number, places: (units: readonly Unit[]) => Rect[], done: string): void {
    const units = unitsOf(this.holding.free(this.#desk.items()));
    if (units.length < least) {
      this.#desk.announce(t('arrange.more', { count: least }));
      return;
    }
    const to = placed(units, places(units), (id) => this.#desk.scene.get(id)?.rect);
    const moves = [...to].flatMap(([id, rect]) => {
      const item = this.#desk.scene.get(id);
      return item === undefined ? [] : [[item, rect] as const];
    });
    this.#desk.moveTo(moves);
    this.#desk.announce(done);
  }

  /** What moves when these do: what lies on zones goes along. What is held stays. */
  carried(items: readonly Item[]): Item[] {
    const all = new Map(items.map((item) => [item.id, item]));
    for (const item of items) {
      if (item.kind === 'zone') for (const inside of carriedBy(this.#desk.scene, item)) all.set(inside.id, inside);
    }
    return [...all.values()].filter((item) => this.holding.of(item.id) === null);
  }

  /** Zones that what is chosen can be moved to, in reading order. */
  zones(): { readonly id: string; readonly words: string }[] {
    const chosen = this.#desk.selection;
    const zones = [...this.#desk.scene.items()].filter((item) => item.kind === 'zone' && !chosen.has(item.id));
    zones.sort((a, b) => a.rect.y - b.rect.y || a.rect.x - b.rect.x);
    return zones.map((item) => ({ id: item.id, words: calledShort(item.element) }));
  }

  /** Put what is chosen into a zone, where it is free. */
  moveToZone(id: string): void {
    const zone = this.#desk.scene.get(id);
    const items = this.carried(this.holding.free(this.#desk.items()));
    const frame = union(items.map((item) => item.rect));
    if (zone === undefined || frame === null) return;
    const room = { x: zone.rect.x + ZONE_PAD, y: zone.rect.y + ZONE_HEAD, w: zone.rect.w - 2 * ZONE_PAD, h: zone.rect.h - ZONE_HEAD - ZONE_PAD };
    const place = this.#freeIn(room, frame, new Set(items.map((item) => item.id)));
    const [dx, dy] = [Math.round(place.x - frame.x), Math.round(place.y - frame.y)];
    this.#desk.moveTo(items.map((item) => [item, moved(item.rect, dx, dy)]));
    this.#desk.announce(t('arrange.inZone', { zone: calledShort(zone.element) }));
    if (this.#desk.view.isShown) this.#desk.view.reveal(place);
  }

  /** The first free place in rows; else the corner, or where there is room around the zone's middle. */
  #freeIn(room: Rect, frame: Rect, moving: ReadonlySet<string>): Rect {
    const { scene } = this.#desk;
    const isTaken = (rect: Rect): boolean =>
      scene.search(rect).some((item) => !moving.has(item.id) && item.kind !== 'zone' && item.kind !== 'connector' && overlaps(item.rect, rect));
    const step = 24;
    for (let y = room.y; y + frame.h <= room.y + room.h; y += step) {
      for (let x = room.x; x + frame.w <= room.x + room.w; x += step) {
        const rect = { x, y, w: frame.w, h: frame.h };
        if (!isTaken(rect)) return rect;
      }
    }
    const middle = { x: room.x + room.w / 2, y: room.y + room.h / 2 };
    return freePlace(middle, frame.w, frame.h, (rect) => isTaken(rect) || !encloses(room, rect));
  }

  /** Choose all that lies in the zones among what is chosen. */
  chooseInside(): void {
    const zones = this.#desk.items().filter((item) => item.kind === 'zone');
    const inside = zones.flatMap((zone) => carriedBy(this.#desk.scene, zone)).map((item) => item.id);
    const [first] = inside;
    if (first !== undefined) {
      this.#desk.select(inside);
      this.#desk.askFocus(first);
    }
    this.#desk.announce(t('board.chosen', { count: inside.length }));
  }

  // ---- pile

  order(where: Where): void {
    const pile = this.holding.free(this.#desk.items());
    // Each past the others in turn, so that they keep their order among themselves.
    if (where === 'back' || where === 'forward') pile.reverse();
    if (!this.#desk.replica.mayEdit || pile.length === 0) return;
    this.#desk.replica.together(() => {
      for (const item of pile) this.#desk.replica.order(item.id, where);
    });
    this.#desk.announce(t(`board.${where}`));
  }

  // ---- looks

  /** Give the chosen that have it a value. */
  set(name: string, value: Value): void {
    const takes = this.holding
      .free(this.#desk.items())
      .filter((item) => typeOf(item.kind).props.get(name)?.accepts(value) === true && item.element.prop(name) !== value);
    if (this.#desk.setValues(new Map(takes.map((item) => [item.id, { [name]: value }])))) this.#desk.announce(t('arrange.set'));
  }

  // ---- belonging, leases

  group(): void {
    this.groups.group(this.holding.free(this.#desk.items()));
  }

  ungroup(): void {
    this.groups.ungroup(this.holding.free(this.#desk.items()));
  }

  hold(minutes: number, why = ''): void {
    this.holding.hold(this.#desk.selection, minutes, why);
  }

  release(): void {
    this.holding.release(this.#desk.selection);
  }
}
