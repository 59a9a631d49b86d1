/**
 * What the outline and the list do to the cloth, for people who don't drag: where a new note, a reply or something moved goes is
 * decided here. Each verb is one group of edits, so one step of undo, and says in a sentence what it did.
 *
 * In a zone things go to the first free place in reading order, so that they come last among their neighbours and nobody is covered.
 */
import { newConnector, newNote, newZone, NOTE_SIZE, ZONE_SIZE } from '../board/making';
import type { BoardControl } from '../board/control';
import { centre, grow, overlaps, type Rect } from '../board/geometry';
import { calledShort, lockOf, sentenceOf } from '../board/naming';
import { freePlace } from '../board/place';
import { t } from '../i18n';
import type { Value } from '../sync/interface';
import { answerPlace } from './answer';
import { zoneOf, type Branch, type Direction, type Thing } from './outline';
import { thingsOf } from './things';

/** A zone's name stands here. */
const TITLE = 56;
const EDGE = 20;
const STEP = 40;

/** Where something goes: a zone's id or null for the bare cloth, and there perhaps a cluster. */
export interface Goal {
  readonly zone: string | null;
  readonly group: string;
}

interface Size {
  readonly w: number;
  readonly h: number;
}

function nameById(control: BoardControl, id: string): string {
  return calledShort(control.replica.view.elements.get(id));
}

/** The first free place in a zone, in reading order; if it is full, near its middle. */
export function placeInZone(zone: Rect, { w, h }: Size, taken: readonly Rect[], direction: Direction): Rect {
  const right = zone.x + zone.w - EDGE - w;
  const left = zone.x + EDGE;
  const across = direction === 'ltr' ? left : right;
  const way = direction === 'ltr' ? STEP : -STEP;
  for (let y = zone.y + TITLE; y + h <= zone.y + zone.h - EDGE / 2; y += STEP) {
    for (let x = across; x >= left && x <= right; x += way) {
      const rect = { x, y, w, h };
      if (!taken.some((box) => overlaps(grow(box, EDGE / 2), rect))) return rect;
    }
  }
  const middle = centre(zone);
  const slip = (taken.length % 8) * 12;
  return { x: Math.round(middle.x - w / 2 + slip), y: Math.round(middle.y - h / 2 + slip), w, h };
}

/** A free place on the bare cloth near something: zones count as taken. */
function placeOutside(near: Rect, { w, h }: Size, taken: readonly Rect[], zones: readonly Rect[]): Rect {
  const all = [...taken, ...zones];
  const isTaken = (rect: Rect): boolean => all.some((box) => overlaps(grow(box, 8), rect));
  const first = freePlace(centre(near), w, h, isTaken);
  if (!isTaken(first)) return first;
  const below = Math.max(...all.map((box) => box.y + box.h));
  return { x: Math.round(near.x), y: below + STEP, w, h };
}

/** What lies where now. */
class Lie {
  readonly things: readonly Thing[];
  readonly zones: readonly Thing[];
  readonly taken: Rect[];
  readonly #bounds: (id: string) => Rect | null;

  constructor(control: BoardControl, without: ReadonlySet<string> = new Set()) {
    this.things = thingsOf(control.replica.view);
    this.#bounds = (id) => control.bounds(id);
    this.zones = this.things.filter((thing) => thing.type === 'zone');
    this.taken = this.things
      .filter((thing) => thing.type !== 'zone' && thing.type !== 'connector' && !without.has(thing.id))
      .map((thing) => this.rect(thing));
  }

  rect(thing: Thing): Rect {
    return this.#bounds(thing.id) ?? thing;
  }

  /** A free place for something at a goal. `near`: where it should lie if it can choose. Takes the place. */
  place(goal: Goal, size: Size, near: Rect, direction: Direction): Rect {
    const zone = this.zones.find((one) => one.id === goal.zone);
    const mates = goal.group === '' ? [] : this.things.filter((one) => one.group === goal.group && this.#zoneOf(one) === goal.zone);
    const free = this.#free(zone, mates, size, near, direction);
    this.taken.push(free);
    return free;
  }

  #zoneOf(thing: Thing): string | null {
    return zoneOf(thing, this.zones)?.id ?? null;
  }

  #free(zone: Thing | undefined, mates: readonly Thing[], size: Size, near: Rect, direction: Direction): Rect {
    const last = mates.at(-1);
    if (last !== undefined) {
      const beside = answerPlaceRect(this.rect(last), size, this.taken);
      if (zone === undefined || insideOf(zone, beside)) return beside;
    }
    if (zone === undefined) return placeOutside(near, size, this.taken, this.zones);
    const inner = this.zones.filter((one) => one.id !== zone.id && zoneOf(one, this.zones)?.id === zone.id);
    return placeInZone(zone, size, [...this.taken, ...inner], direction);
  }
}

function insideOf(zone: Rect, rect: Rect): boolean {
  const { x, y } = centre(rect);
  return x > zone.x && x < zone.x + zone.w && y > zone.y && y < zone.y + zone.h;
}

function answerPlaceRect(to: Rect, { w, h }: Size, taken: readonly Rect[]): Rect {
  const { x, y } = answerPlace(to, taken);
  return { x: Math.round(x - w / 2), y: Math.round(y - h / 2), w, h };
}

/** The zone that a thing lies in; for a zone, itself. */
export function zoneAt(control: BoardControl, thing: Thing | null): string | null {
  if (thing === null) return null;
  if (thing.type === 'zone') return thing.id;
  const zones = thingsOf(control.replica.view).filter((one) => one.type === 'zone');
  return zoneOf(thing, zones)?.id ?? null;
}

/** A new note beside something: in its zone and cluster. Answers its id. */
export function addBeside(control: BoardControl, thing: Thing | null, direction: Direction): string | null {
  if (!control.replica.mayEdit) return null;
  if (thing === null) return control.addNote(undefined, { edit: false });
  if (control.unnamed({ beside: zoneAt(control, thing) })) return null;
  const lie = new Lie(control);
  const goal = { zone: zoneAt(control, thing), group: thing.group };
  const { values } = newNote(lie.place(goal, NOTE_SIZE, lie.rect(thing), direction), control.noteColour);
  const group: Record<string, Value> = goal.group === '' ? {} : { group: goal.group };
  const [id = null] = control.replica.add([{ type: 'note', values: { ...values, ...group } }]);
  if (id !== null) control.announce(t('board.added.note'));
  return id;
}

/** A note that replies to something. Answers its id. */
export function reply(control: BoardControl, thing: Thing, direction: Direction): string | null {
  if (!control.replica.mayEdit) return null;
  if (control.unnamed({ beside: thing.id, answers: true })) return null;
  const lie = new Lie(control);
  const zone = zoneAt(control, thing);
  const under = answerPlaceRect(lie.rect(thing), NOTE_SIZE, lie.taken);
  const home = lie.zones.find((one) => one.id === zone);
  const fits = home === undefined ? !lie.zones.some((one) => insideOf(one, under)) : insideOf(home, under);
  const place = fits ? under : lie.place({ zone, group: '' }, NOTE_SIZE, lie.rect(thing), direction);
  const { values } = newNote(place, control.noteColour);
  const [id = null] = control.replica.add([{ type: 'note', values: { ...values, re: thing.id } }]);
  if (id !== null) control.announce(t('outline.added.reply', { what: nameById(control, thing.id) }));
  return id;
}

/** A new zone, below everything that lies near: it takes nothing in that was there. Answers its id. */
export function addZone(control: BoardControl): string | null {
  if (!control.replica.mayEdit) return null;
  const lie = new Lie(control);
  const all = [...lie.taken, ...lie.zones.map((zone) => lie.rect(zone))];
  const isTaken = (rect: Rect): boolean => all.some((box) => overlaps(grow(box, 8), rect));
  const middle = all.length === 0 ? { x: 0, y: 0 } : centre(all.at(-1) ?? { x: 0, y: 0, w: 0, h: 0 });
  const [id = null] = control.replica.add([newZone(freePlace(middle, ZONE_SIZE.w, ZONE_SIZE.h, isTaken))]);
  if (id !== null) control.announce(t('board.added.zone'));
  return id;
}

/** All things of a branch that lie somewhere, itself first. */
export function thingsUnder(branch: Branch): Thing[] {
  const things: Thing[] = [];
  const waiting = [branch];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.thing !== null && next.thing.type !== 'connector') things.push(next.thing);
    for (const child of next.children.toReversed()) waiting.push(child);
  }
  return things;
}

export function isLocked(control: BoardControl, things: readonly Thing[]): boolean {
  const now = control.replica.now;
  return things.some(({ id }) => lockOf(control.replica.view.elements.get(id), now) !== null);
}

/** Moves a thing with its replies, or a cluster, to a zone, the bare cloth or a cluster. Answers whether anything moved. */
export function moveTo(control: BoardControl, branch: Branch, goal: Goal, direction: Direction): boolean {
  const things = thingsUnder(branch);
  if (!control.replica.mayEdit || things.length === 0) return false;
  if (isLocked(control, things)) return saysLocked(control);
  const lie = new Lie(control, new Set(things.map(({ id }) => id)));
  const changes = new Map<string, Record<string, Value>>();
  const roots = new Set(branch.kind === 'cluster' ? branch.children.map(({ key }) => key) : [branch.key]);
  let near: Rect | null = null;
  for (const thing of things) {
    const rect = lie.rect(thing);
    const to = lie.place(goal, rect, near ?? rect, direction);
    near ??= to;
    const group = branch.kind === 'cluster' || !roots.has(thing.id) ? thing.group : goal.group;
    changes.set(thing.id, {
      x: thing.x + to.x - rect.x,
      y: thing.y + to.y - rect.y,
      ...(group === thing.group ? {} : { group }),
    });
  }
  control.replica.set(changes);
  const where = goal.zone === null ? t('outline.loose') : nameById(control, goal.zone);
  control.announce(goal.group === '' ? t('outline.moved', { where }) : t('outline.moved.cluster', { where }));
  return true;
}

function saysLocked(control: BoardControl): false {
  control.announce(t('told.locked'));
  return false;
}

/** Changes places with a neighbour. Answers whether it did. */
export function changePlaces(control: BoardControl, one: Branch, other: Branch, isLater: boolean, direction: Direction): boolean {
  if (!control.replica.mayEdit || one.kind !== 'thing' || other.kind !== 'thing' || one.thing === null || other.thing === null) return false;
  if (isLocked(control, [one.thing, other.thing])) return saysLocked(control);
  const lie = new Lie(control);
  const [a, b] = [lie.rect(one.thing), lie.rect(other.thing)];
  // The corner where reading begins changes hands, whatever their widths.
  const side = direction === 'ltr' ? 0 : 1;
  const dx = b.x + side * b.w - (a.x + side * a.w);
  const dy = b.y - a.y;
  control.replica.set(
    new Map<string, Record<string, Value>>([
      [one.key, { x: one.thing.x + dx, y: one.thing.y + dy }],
      [other.key, { x: other.thing.x - dx, y: other.thing.y - dy }],
    ]),
  );
  const what = nameById(control, other.key);
  control.announce(isLater ? t('outline.after', { what }) : t('outline.before', { what }));
  return true;
}

/** A connector with a meaning and perhaps words. Answers its id. */
export function link(control: BoardControl, from: string, to: string, meaning: string, words: string): string | null {
  const [a, b] = [control.bounds(from), control.bounds(to)];
  if (!control.replica.mayEdit || a === null || b === null || from === to) return null;
  const { values } = newConnector(from, to, a, b);
  const fresh = { type: 'connector' as const, values: { ...values, meaning }, ...(words === '' ? {} : { text: words }) };
  const [id = null] = control.replica.add([fresh]);
  const element = id === null ? undefined : control.replica.view.elements.get(id);
  if (element !== undefined) control.announce(sentenceOf(element, (one) => control.replica.view.elements.get(one)));
  return id;
}
