/**
 * The outline: what lies on the cloth, as one would read it aloud. Pure; the screens draw it twice (the panel beside the
 * cloth, and the cards on a phone), and Tab on the cloth follows it too (`idsOf`), so all tell the same story.
 *
 * Order: what lies on the bare cloth, then zones in reading order, each with the notes whose middle it holds (the smallest
 * zone counts), then the zones inside it; drawings and links come last. Reading order is by rows: what begins before the middle
 * of a row's first thing belongs to that row. An answer (a note that a link leads to) stands under the note it comes from, if both
 * are in one group.
 *
 * Rejected: plain sorting by y and then x (two notes side by side whose tops differ by a hair change places); columns found
 * by clustering (nobody could say where a new note will appear); zones and notes in turn (the bare cloth would be a heading
 * many times over).
 */

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
  /** The seq of its birth. */
  readonly born: number;
}

export interface Line {
  readonly thing: Thing;
  /** 0, or one more than that of the note it answers. */
  readonly depth: number;
  /** The note that a link leads here from, in this group or another; null if there is none. */
  readonly answers: string | null;
}

export interface Group {
  /** The zone, or null for the bare cloth. */
  readonly zone: Thing | null;
  /** How many zones it lies in. */
  readonly depth: number;
  readonly lines: readonly Line[];
}

export interface Outline {
  readonly groups: readonly Group[];
  readonly drawings: readonly Thing[];
  readonly links: readonly Thing[];
  /** How many notes there are in all groups. */
  readonly notes: number;
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

/** For each note the note that it answers: the source of the oldest link to it that does not lead round in a ring. */
export function answersOf(notes: ReadonlyMap<string, Thing>, links: readonly Thing[]): Map<string, string> {
  const answers = new Map<string, string>();
  for (const link of [...links].sort((a, b) => a.born - b.born || (a.id < b.id ? -1 : 1))) {
    if (link.from === link.to || !notes.has(link.from) || !notes.has(link.to) || answers.has(link.to)) continue;
    let above: string | undefined = link.from;
    while (above !== undefined && above !== link.to) above = answers.get(above);
    if (above === undefined) answers.set(link.to, link.from);
  }
  return answers;
}

/** Notes in order, each followed by its answers. */
function linesOf(notes: readonly Thing[], answers: ReadonlyMap<string, string>): Line[] {
  const here = new Set(notes.map((note) => note.id));
  const under = new Map<string, Thing[]>();
  const roots: Thing[] = [];
  for (const note of notes) {
    const source = answers.get(note.id);
    if (source === undefined || !here.has(source)) roots.push(note);
    else put(under, source, note);
  }
  const lines: Line[] = [];
  const waiting = roots.map((thing) => ({ thing, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { thing, depth } = next;
    lines.push({ thing, depth, answers: answers.get(thing.id) ?? null });
    for (const answer of (under.get(thing.id) ?? []).reverse()) waiting.push({ thing: answer, depth: depth + 1 });
  }
  return lines;
}

function put<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The outline of what lies on the cloth (not in the margin). The same for the same things in any order. */
export function outlineOf(things: readonly Thing[], direction: Direction): Outline {
  const of = (type: string): Thing[] => inReadingOrder(things.filter((thing) => thing.type === type), direction);
  const [zones, notes, links] = [of('zone'), of('note'), of('connector')];
  const answers = answersOf(new Map(notes.map((note) => [note.id, note])), links);
  const notesIn = new Map<string | null, Thing[]>();
  for (const note of notes) put(notesIn, zoneOf(note, zones)?.id ?? null, note);
  const zonesIn = new Map<string | null, Thing[]>();
  for (const zone of zones) put(zonesIn, zoneOf(zone, zones)?.id ?? null, zone);

  const groups: Group[] = [];
  const loose = linesOf(notesIn.get(null) ?? [], answers);
  if (loose.length > 0) groups.push({ zone: null, depth: 0, lines: loose });
  const waiting = (zonesIn.get(null) ?? []).map((zone) => ({ zone, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { zone, depth } = next;
    groups.push({ zone, depth, lines: linesOf(notesIn.get(zone.id) ?? [], answers) });
    for (const inner of (zonesIn.get(zone.id) ?? []).reverse()) waiting.push({ zone: inner, depth: depth + 1 });
  }
  return { groups, drawings: of('ink'), links, notes: notes.length };
}

/** All ids of an outline, as one reads it. */
export function idsOf(outline: Outline): string[] {
  const ids: string[] = [];
  for (const { zone, lines } of outline.groups) {
    if (zone !== null) ids.push(zone.id);
    for (const { thing } of lines) ids.push(thing.id);
  }
  for (const thing of outline.drawings) ids.push(thing.id);
  for (const thing of outline.links) ids.push(thing.id);
  return ids;
}
