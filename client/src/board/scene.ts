/**
 * Where everything lies: the view's elements as rectangles in a spatial index, with live drags on top.
 *
 * `update` is told which elements changed and reads only those. Elements in the margin are not in the scene. A connector has
 * no place of its own: it is routed between its ends, so it moves when they do. While somebody drags a thing, its `live`
 * rectangle stands in for the stored one, here and for every connector that is bound to it; the index keeps the stored ones and live things
 * are looked through one by one, because there are few.
 *
 * Rejected: a grid of buckets (boards have no size), the index of live rectangles (a drag of 500 notes would rebuild it
 * 60 times a second).
 */
import RBush from 'rbush';
import { comparePile, type Board, type Element } from '../core/board';
import { typeOf } from '../core/elements';
import { route, type End, type Heads, type Route, type RouteKind } from './connectors';
import { formNamed, type Form } from './forms';
import { overlaps, same, type Rect } from './geometry';
import { runsOf, strokeBounds, type Run } from './strokes';

export type Kind = 'note' | 'zone' | 'ink' | 'connector' | 'shape' | 'image';

/** One thing on the board. Replaced, never changed, when its element or its place changes. */
export interface Item {
  readonly id: string;
  readonly kind: Kind;
  readonly element: Element;
  /** Its stored bounds. */
  readonly rect: Rect;
  /** For connectors. */
  readonly route: Route | null;
  /** For ink: relative to the element's x, y, at its scale. */
  readonly runs: readonly Run[];
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Zones lie under everything, connectors above them, all else on top, each by the pile (FOLD-50). */
const TIERS: Readonly<Record<Kind, number>> = { zone: 0, connector: 1, note: 2, ink: 2, shape: 2, image: 2 };

export function compareItems(one: Item, two: Item): number {
  return TIERS[one.kind] - TIERS[two.kind] || comparePile(one.element, two.element);
}

const NONE: ReadonlySet<string> = new Set();

function valueOf(element: Element, name: string): unknown {
  return element.props.get(name) ?? typeOf(element.type).props.get(name)?.default;
}

/** A property that is a whole number; 0 where the type has none of that name. */
export function numberOf(element: Element, name: string): number {
  const value = valueOf(element, name);
  return typeof value === 'number' ? value : 0;
}

/** A property that is a name or an id; empty where the type has none of that name. */
export function nameOf(element: Element, name: string): string {
  const value = valueOf(element, name);
  return typeof value === 'string' ? value : '';
}

export class Scene {
  readonly #tree = new RBush<Item>(12);
  readonly #items = new Map<string, Item>();
  /** Which connectors are bound to a thing. */
  readonly #bound = new Map<string, Set<string>>();
  /** Which notes answer a thing. */
  readonly #replies = new Map<string, Set<string>>();
  readonly #live = new Map<string, Rect>();
  /** Live things and the connectors that follow them, routed anew when asked. */
  readonly #liveRoutes = new Map<string, Route | null>();
  /** Grows whenever something came, went, moved or was bound elsewhere, but not when words changed. */
  places = 0;

  get size(): number {
    return this.#items.size;
  }

  items(): IterableIterator<Item> {
    return this.#items.values();
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** Forget all and read the whole board. */
  load(board: Board): void {
    this.#tree.clear();
    this.#items.clear();
    this.#bound.clear();
    this.#replies.clear();
    this.#liveRoutes.clear();
    const lines: Element[] = [];
    for (const element of board.elements.values()) {
      if (element.aside !== null) continue;
      if (element.type === 'connector') lines.push(element);
      else this.#keep(this.#read(element));
    }
    for (const line of lines) this.#keep(this.#read(line));
    this.#tree.load([...this.#items.values()]);
    this.places += 1;
    for (const id of this.#live.keys()) if (!this.#items.has(id)) this.#live.delete(id);
  }

  /** Read these elements anew. Answers all whose item changed, the connectors that follow them included. */
  update(board: Board, ids: Iterable<string>): Set<string> {
    const changed = new Set<string>();
    const lines = new Set<string>();
    for (const id of ids) {
      const element = board.elements.get(id);
      if (element?.type === 'connector') lines.add(id);
      else if (this.#renew(id, element)) {
        changed.add(id);
        for (const line of this.#bound.get(id) ?? []) lines.add(line);
      }
    }
    for (const id of lines) if (this.#renew(id, board.elements.get(id), true)) changed.add(id);
    return changed;
  }

  #renew(id: string, element: Element | undefined, force = false): boolean {
    const before = this.#items.get(id);
    if (element === undefined || element.aside !== null) {
      if (before === undefined) return false;
      this.#drop(before);
      this.#live.delete(id);
      this.places += 1;
      return true;
    }
    if (before?.element === element && !force) return false;
    const item = this.#read(element);
    if (before === undefined || !same(before.rect, item.rect) || before.element.props !== element.props) this.places += 1;
    if (before !== undefined) this.#drop(before);
    this.#keep(item);
    this.#tree.insert(item);
    return true;
  }

  #drop(item: Item): void {
    this.#tree.remove(item);
    this.#items.delete(item.id);
    this.#liveRoutes.delete(item.id);
    for (const end of endsOf(item.element)) this.#bound.get(end)?.delete(item.id);
    this.#replies.get(answeredBy(item.element))?.delete(item.id);
  }

  #keep(item: Item): void {
    this.#items.set(item.id, item);
    this.#liveRoutes.clear();
    for (const end of endsOf(item.element)) {
      const lines = this.#bound.get(end);
      if (lines === undefined) this.#bound.set(end, new Set([item.id]));
      else lines.add(item.id);
    }
    const answered = answeredBy(item.element);
    if (answered === '') return;
    const replies = this.#replies.get(answered);
    if (replies === undefined) this.#replies.set(answered, new Set([item.id]));
    else replies.add(item.id);
  }

  /** The notes on the board that answer a thing. */
  repliesTo(id: string): ReadonlySet<string> {
    return this.#replies.get(id) ?? NONE;
  }

  #read(element: Element): Item {
    const kind = element.type as Kind;
    const line = kind === 'connector' ? this.#routed(element, (id) => this.#items.get(id)?.rect) : null;
    const runs = kind === 'ink' ? scaledRuns(element) : [];
    const rect = line?.bounds ?? (kind === 'ink' ? inkRect(element, runs) : boxRect(element));
    const { x: minX, y: minY } = rect;
    return { id: element.id, kind, element, rect, route: line, runs, minX, minY, maxX: minX + rect.w, maxY: minY + rect.h };
  }

  /** A bound end that is not on the board (set aside, or not there yet) is where it was when the connector was made. */
  #routed(element: Element, rectOf: (id: string) => Rect | undefined): Route {
    const end = (id: string, x: string, y: string): End => {
      const rect = rectOf(id);
      if (rect === undefined) return { x: numberOf(element, x), y: numberOf(element, y) };
      const form = formOf(this.#items.get(id)?.element);
      return form === null ? rect : { ...rect, form };
    };
    return route(end(nameOf(element, 'from'), 'x', 'y'), end(nameOf(element, 'to'), 'x2', 'y2'), {
      kind: nameOf(element, 'route') as RouteKind,
      heads: nameOf(element, 'head') as Heads,
      width: numberOf(element, 'width'),
    });
  }

  // ---- live drags

  /** Show a thing elsewhere until told otherwise; null: where it is stored. Nothing is kept of it. */
  setLive(id: string, rect: Rect | null): void {
    const before = this.#live.get(id);
    if (rect === null ? before === undefined : before !== undefined && same(before, rect)) return;
    if (rect === null || !this.#items.has(id)) this.#live.delete(id);
    else this.#live.set(id, rect);
    this.#liveRoutes.clear();
  }

  isLive(id: string): boolean {
    return this.#live.has(id);
  }

  get liveIds(): Iterable<string> {
    return this.#live.keys();
  }

  /** Bounds as shown now. Undefined if the thing is not on the board. */
  rect(id: string): Rect | undefined {
    return this.#live.get(id) ?? this.#followed(id)?.bounds ?? this.#items.get(id)?.rect;
  }

  /** A connector's way as shown now. */
  route(id: string): Route | null {
    return this.#followed(id) ?? this.#items.get(id)?.route ?? null;
  }

  #followed(id: string): Route | null {
    if (this.#live.size === 0) return null;
    const item = this.#items.get(id);
    if (item?.kind !== 'connector') return null;
    const known = this.#liveRoutes.get(id);
    if (known !== undefined) return known;
    const follows = endsOf(item.element).some((end) => this.#live.has(end));
    const line = follows ? this.#routed(item.element, (end) => this.rect(end)) : null;
    this.#liveRoutes.set(id, line);
    return line;
  }

  /** All whose bounds, as shown now, meet a rectangle; in no order. */
  search(area: Rect): Item[] {
    const box = { minX: area.x, minY: area.y, maxX: area.x + area.w, maxY: area.y + area.h };
    const found = this.#tree.search(box);
    if (this.#live.size === 0) return found;
    const moving = new Set<string>();
    for (const id of this.#live.keys()) {
      moving.add(id);
      for (const line of this.#bound.get(id) ?? []) moving.add(line);
    }
    const still = found.filter((item) => !moving.has(item.id));
    for (const id of moving) {
      const [item, rect] = [this.#items.get(id), this.rect(id)];
      if (item !== undefined && rect !== undefined && overlaps(rect, area)) still.push(item);
    }
    return still;
  }

  /** The bounds of everything; null on an empty board. */
  extent(): Rect | null {
    const { minX, minY, maxX, maxY } = this.#tree.toJSON() as { minX: number; minY: number; maxX: number; maxY: number };
    return this.size === 0 ? null : { x: minX, y: minY, w: maxX - minX, h: maxY - minY };
  }
}

/** What a note answers; empty for most. */
function answeredBy(element: Element): string {
  return element.type === 'note' ? nameOf(element, 're') : '';
}

/** What a connector is bound to; nothing for other things. */
export function endsOf(element: Element): readonly string[] {
  if (element.type !== 'connector') return [];
  return [nameOf(element, 'from'), nameOf(element, 'to')].filter((end) => end !== '');
}

/** The form of a shape; null for anything else. */
export function formOf(element: Element | undefined): Form | null {
  return element?.type === 'shape' ? formNamed(nameOf(element, 'form')) : null;
}

/** A stroke is scaled with its line, as a picture is. */
export function inkWidth(element: Element): number {
  return (numberOf(element, 'width') * numberOf(element, 'scale')) / 100;
}

/** A stroke's runs at its scale (FOLD-10: points lie at x + dx · scale / 100). */
function scaledRuns(element: Element): readonly Run[] {
  const runs = runsOf(element.ink);
  const scale = numberOf(element, 'scale') / 100;
  return scale === 1 ? runs : runs.map((run) => run.map(([x, y, pressure]) => [x * scale, y * scale, pressure] as const));
}

function boxRect(element: Element): Rect {
  return { x: numberOf(element, 'x'), y: numberOf(element, 'y'), w: numberOf(element, 'w'), h: numberOf(element, 'h') };
}

function inkRect(element: Element, runs: readonly Run[]): Rect {
  const [x, y] = [numberOf(element, 'x'), numberOf(element, 'y')];
  const bounds = strokeBounds(runs, inkWidth(element));
  return bounds === null ? { x, y, w: 0, h: 0 } : { ...bounds, x: bounds.x + x, y: bounds.y + y };
}

/** How far around a connector or a stroke a press still finds it, at most, in board units. */
export function reachOf(item: Item, slack: number): number {
  return (item.kind === 'ink' ? inkWidth(item.element) : numberOf(item.element, 'width')) / 2 + slack;
}

