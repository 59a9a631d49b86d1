/**
 * The outline: what lies on the cloth, as one would read it aloud, as a tree. Pure; the screens draw it twice (the tree beside
 * the cloth, and the cards on a phone), and Tab on the cloth follows it too (`idsOf`), so all tell the same story.
 *
 * Zone → cluster → note, shape or picture → reply. First what lies on the bare cloth, then zones in reading order, each with the
 * things whose middle it holds (the smallest zone counts), then the zones inside it. Things of one `group` in one zone are a cluster,
 * which stands where its first thing would. A reply (`re`) stands under what it replies to if both are in one zone; elsewhere it
 * stands by itself and says what it replies to. Drawings that nobody described, and then links, come last: sentences need
 * what they speak of before them. Reading order is by rows: what begins before the middle of a row's first thing belongs to that
 * row.
 *
 * Rejected: plain sorting by y and then x (two notes side by side whose tops differ by a hair change places); columns found
 * by clustering (nobody could say where a new note will appear); zones and notes in turn (the bare cloth would be a heading
 * many times over); replies under their note across zones (who moved a reply to "What we do" would not find it there).
 */
import RBush from 'rbush';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What the outline needs to know of a thing on the cloth. */
export interface Thing extends Box {
  readonly id: string;
  readonly type: string;
  readonly words: string;
  readonly colour: string;
  /** Where a connector begins and ends; empty for the bare cloth and for other types. */
  readonly from: string;
  readonly to: string;
  /** What it replies to, and whom it goes together with; empty for nothing. */
  readonly re: string;
  readonly group: string;
  /** The seq of its birth. */
  readonly born: number;
}

export type Kind = 'zone' | 'cluster' | 'thing' | 'drawings' | 'links';

/** One place in the tree. */
export interface Branch {
  /** An element's id, `cluster:<group>` (in a zone: `cluster:<group> <zone>`), `drawings` or `links`: the same while it is there. */
  readonly key: string;
  readonly kind: Kind;
  /** What it is of; null for clusters and for the two lists at the end. */
  readonly thing: Thing | null;
  readonly children: readonly Branch[];
  /** What it replies to and does not stand under; null if there is no such thing. */
  readonly answers: string | null;
}

export interface Outline {
  readonly roots: readonly Branch[];
  /** How many notes there are. */
  readonly notes: number;
  /** How many replies each thing has, wherever they stand. */
  readonly replies: ReadonlyMap<string, number>;
}

export type Direction = 'ltr' | 'rtl';

/** Things by rows from the top, each row from the side where the language begins. */
export function inReadingOrder<T extends Box & { readonly id: string }>(things: readonly T[], direction: Direction): T[] {
  const byTop = [...things].sort((a, b) => a.y - b.y || a.x - b.x || (a.id < b.id ? -1 : 1));
  const ordered: T[] = [];
  let row: T[] = [];
  let edge = -Infinity;
  const across = (a: T, b: T): number => {
    const side = direction === 'ltr' ? a.x - b.x : b.x + b.w - (a.x + a.w);
    return side || a.y - b.y || (a.id < b.id ? -1 : 1);
  };
  for (const thing of byTop) {
    if (thing.y >= edge) {
      for (const one of row.sort(across)) ordered.push(one);
      row = [];
      edge = thing.y + Math.max(1, thing.h / 2);
    }
    row.push(thing);
  }
  for (const one of row.sort(across)) ordered.push(one);
  return ordered;
}

function holdsMiddle(zone: Box, thing: Box): boolean {
  const x = thing.x + thing.w / 2;
  const y = thing.y + thing.h / 2;
  return x >= zone.x && x <= zone.x + zone.w && y >= zone.y && y <= zone.y + zone.h;
}

function isSmaller(a: Thing, b: Thing): boolean {
  const size = a.w * a.h - b.w * b.h;
  return size < 0 || (size === 0 && a.id < b.id);
}

/** The smallest zone that holds the middle of a thing; for a zone, of those larger than itself. */
export function zoneOf(thing: Thing, zones: readonly Thing[]): Thing | null {
  let found: Thing | null = null;
  for (const zone of zones) {
    if (zone.id === thing.id || !holdsMiddle(zone, thing)) continue;
    if (thing.type === 'zone' && !isSmaller(thing, zone)) continue;
    if (found === null || isSmaller(zone, found)) found = zone;
  }
  return found;
}

/** `zoneOf` for many things: they ask the zones that lie where they lie, not all. Things times zones is what an outline's time goes to. */
export function zoneFinder(zones: readonly Thing[]): (thing: Thing) => Thing | null {
  const tree = new RBush<{ minX: number; minY: number; maxX: number; maxY: number; zone: Thing }>();
  tree.load(zones.map((zone) => ({ minX: zone.x, minY: zone.y, maxX: zone.x + zone.w, maxY: zone.y + zone.h, zone })));
  return (thing) => {
    const [x, y] = [thing.x + thing.w / 2, thing.y + thing.h / 2];
    return zoneOf(thing, tree.search({ minX: x, minY: y, maxX: x, maxY: y }).map(({ zone }) => zone));
  };
}

/** For each reply what it replies to: an element that is there and where no way leads round in a ring. The oldest counts first. */
export function repliesOf(things: ReadonlyMap<string, Thing>): Map<string, string> {
  const replies = new Map<string, string>();
  for (const one of [...things.values()].sort((a, b) => a.born - b.born || (a.id < b.id ? -1 : 1))) {
    if (one.re === '' || !things.has(one.re)) continue;
    let above: string | undefined = one.re;
    while (above !== undefined && above !== one.id) above = replies.get(above);
    if (above === undefined) replies.set(one.id, one.re);
  }
  return replies;
}

function put<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  const below = Math.max(...boxes.map((box) => box.y + box.h));
  return { x, y, w: right - x, h: below - y };
}

function leaf(thing: Thing): Branch {
  return { key: thing.id, kind: 'thing', thing, children: [], answers: null };
}

/** Grows the branches of one reading of the cloth. */
class Growing {
  readonly #direction: Direction;
  readonly #replies: ReadonlyMap<string, string>;
  readonly #under = new Map<string, Thing[]>();

  constructor(direction: Direction, replies: ReadonlyMap<string, string>) {
    this.#direction = direction;
    this.#replies = replies;
  }

  /** A reply that stands under what it replies to. */
  hang(reply: Thing, over: string): void {
    put(this.#under, over, reply);
  }

  /** A thing with the replies under it. Deep threads are no recursion: people answer each other for a long time. */
  thread(root: Thing): Branch {
    const order: Thing[] = [root];
    for (let at = 0; at < order.length; at += 1) {
      const one = order[at];
      for (const reply of one === undefined ? [] : (this.#under.get(one.id) ?? [])) order.push(reply);
    }
    const grown = new Map<string, Branch>();
    for (const one of order.reverse()) {
      const under = inReadingOrder(this.#under.get(one.id) ?? [], this.#direction);
      const children = under.flatMap((reply) => grown.get(reply.id) ?? []);
      const answers = one === root ? (this.#replies.get(one.id) ?? null) : null;
      grown.set(one.id, { key: one.id, kind: 'thing', thing: one, children, answers });
    }
    return grown.get(root.id) ?? leaf(root);
  }

  /** The things of one zone, or of the bare cloth, in reading order; those of one group as a cluster. */
  lines(things: readonly Thing[], zone: string): Branch[] {
    const groups = new Map<string, Thing[]>();
    for (const thing of things) if (thing.group !== '') put(groups, thing.group, thing);
    const alone = things.filter((thing) => (groups.get(thing.group)?.length ?? 0) < 2);
    const clusters = [...groups].filter(([, members]) => members.length > 1);
    const placed = [
      ...alone.map((thing) => ({ ...boxOf(thing), id: thing.id, grow: () => this.thread(thing) })),
      ...clusters.map(([group, members]) => ({
        ...around(members),
        id: group,
        grow: (): Branch => ({
          // A group that lies in several zones is a cluster in each.
          key: zone === '' ? `cluster:${group}` : `cluster:${group} ${zone}`,
          kind: 'cluster',
          thing: null,
          children: inReadingOrder(members, this.#direction).map((one) => this.thread(one)),
          answers: null,
        }),
      })),
    ];
    return inReadingOrder(placed, this.#direction).map(({ grow }) => grow());
  }
}

function boxOf({ x, y, w, h }: Box): Box {
  return { x, y, w, h };
}

/** Zones, each with its things and the zones in it, from the innermost outwards. */
function zonesGrown(zones: readonly Thing[], homeOf: (zone: Thing) => Thing | null, linesOf: (zone: string) => Branch[]): Branch[] {
  const inside = new Map<string | null, Thing[]>();
  for (const zone of zones) put(inside, homeOf(zone)?.id ?? null, zone);
  const grow = (zone: Thing): Branch => ({
    key: zone.id,
    kind: 'zone',
    thing: zone,
    children: [...linesOf(zone.id), ...(inside.get(zone.id) ?? []).map(grow)],
    answers: null,
  });
  return (inside.get(null) ?? []).map(grow);
}

function listed(kind: 'drawings' | 'links', things: readonly Branch[]): Branch[] {
  return things.length === 0 ? [] : [{ key: kind, kind, thing: null, children: things, answers: null }];
}

/** Whether a thing has no place of its own among the others. */
function isScribble(thing: Thing): boolean {
  return thing.type === 'ink' && thing.words.trim() === '' && thing.group === '';
}

/** The outline of what lies on the cloth (not in the margin). The same for the same things in any order. */
export function outlineOf(things: readonly Thing[], direction: Direction): Outline {
  const some = (is: (thing: Thing) => boolean): Thing[] => inReadingOrder(things.filter(is), direction);
  const zones = some((thing) => thing.type === 'zone');
  const links = some((thing) => thing.type === 'connector');
  const rest = some((thing) => thing.type !== 'zone' && thing.type !== 'connector');
  const replies = repliesOf(new Map(things.map((thing) => [thing.id, thing])));
  const growing = new Growing(direction, replies);
  const homeOf = zoneFinder(zones);
  const home = new Map(rest.map((thing) => [thing.id, homeOf(thing)?.id ?? null]));

  const linesIn = new Map<string | null, Thing[]>();
  const scribbles: Thing[] = [];
  for (const thing of rest) {
    const over = replies.get(thing.id);
    if (over !== undefined && home.has(over) && home.get(over) === home.get(thing.id)) growing.hang(thing, over);
    else if (isScribble(thing)) scribbles.push(thing);
    else put(linesIn, home.get(thing.id) ?? null, thing);
  }
  const roots = [
    ...growing.lines(linesIn.get(null) ?? [], ''),
    ...zonesGrown(zones, homeOf, (zone) => growing.lines(linesIn.get(zone) ?? [], zone)),
    ...listed('drawings', scribbles.map((thing) => growing.thread(thing))),
    ...listed('links', links.map(leaf)),
  ];
  const count = new Map<string, number>();
  for (const over of replies.values()) count.set(over, (count.get(over) ?? 0) + 1);
  return { roots, notes: rest.filter((thing) => thing.type === 'note').length, replies: count };
}

let latest: { readonly things: readonly Thing[]; readonly direction: Direction; readonly outline: Outline } | null = null;

/** The same as `outlineOf`, and the same object as the last time for the same things: cloth, outline and list ask for one board's. */
export function outlineFor(things: readonly Thing[], direction: Direction): Outline {
  const isSame = latest?.direction === direction && latest.things.length === things.length && things.every((thing, index) => thing === latest?.things[index]);
  if (latest === null || !isSame) latest = { things, direction, outline: outlineOf(things, direction) };
  return latest.outline;
}

/** All branches, as one reads them. */
export function* branchesOf(outline: Outline): Generator<Branch> {
  const waiting = [...outline.roots].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (const child of next.children.toReversed()) waiting.push(child);
  }
}

/** All ids of an outline, as one reads it. */
export function idsOf(outline: Outline): string[] {
  const ids: string[] = [];
  for (const { thing } of branchesOf(outline)) if (thing !== null) ids.push(thing.id);
  return ids;
}
