/**
 * To look along with somebody: my view follows theirs. Pure.
 *
 * Each says in presence what they see (`view`) and with whom they look along (`follow`, a pseudonym), so that the one who
 * is followed knows it, and nobody follows in a ring. Somebody who has several windows open is followed in the one that was heard
 * last. Screens differ in size: the follower sees all that the other sees, and perhaps more.
 */
import { centredOn, clampZoom, type Size } from '../camera';
import { centre, type Camera, type Rect } from '../geometry';

/** The part of somebody's presence that counts here. */
export interface Seen {
  readonly who: string;
  readonly author: string;
  readonly view: readonly [number, number, number, number] | null;
  readonly follow: string;
  readonly heard: number;
}

/** What each of the others sees, by pseudonym: of several windows, that which was heard last. */
export function latestView(around: Iterable<Seen>, me: string): Map<string, Rect> {
  const latest = new Map<string, Seen>();
  for (const one of around) {
    if (one.author === me || one.view === null) continue;
    const known = latest.get(one.author);
    if (known === undefined || one.heard > known.heard) latest.set(one.author, one);
  }
  return new Map([...latest].map(([author, { view }]) => {
    const [x, y, w, h] = view ?? [0, 0, 1, 1];
    return [author, { x, y, w: Math.max(1, w), h: Math.max(1, h) }];
  }));
}

/** Who looks along with whom. */
export function followings(around: Iterable<Seen>): Map<string, string> {
  const by = new Map<string, string>();
  for (const { author, follow } of around) if (follow !== '') by.set(author, follow);
  return by;
}

/** Those who look along with me, sorted. */
export function followersOf(me: string, around: Iterable<Seen>): readonly string[] {
  const by = followings(around);
  return [...by].flatMap(([author, follow]) => (follow === me && author !== me ? [author] : [])).sort();
}

/** Whether `from` looks along with `to`, itself or through others. */
export function leads(by: ReadonlyMap<string, string>, from: string, to: string): boolean {
  const seen = new Set<string>();
  for (let now = by.get(from); now !== undefined && !seen.has(now); now = by.get(now)) {
    if (now === to) return true;
    seen.add(now);
  }
  return false;
}

/** Whether I have to let go: two of us began at the same moment and now follow each other. One does: the first by pseudonym. */
export function yields(by: ReadonlyMap<string, string>, me: string, leader: string): boolean {
  if (!leads(by, leader, me)) return false;
  let least = me;
  const seen = new Set([me]);
  for (let now: string | undefined = leader; now !== undefined && !seen.has(now); now = by.get(now)) {
    seen.add(now);
    if (now < least) least = now;
  }
  return least === me;
}

/** The camera that shows all of what somebody sees. */
export function cameraOn(view: Rect, size_px: Size): Camera {
  const zoom = clampZoom(Math.min(size_px.width / view.w, size_px.height / view.h));
  return centredOn({ x: 0, y: 0, zoom }, centre(view), size_px);
}

/** Nearer to the goal than this, in pixels and in zoom, one is there. */
const ARRIVED_PX = 0.5;
const ARRIVED_ZOOM = 0.001;

/** A step on the way: `share` 0 stays, 1 is there. Middle and zoom glide, so that what is looked at stays in sight. */
export function approach(from: Camera, to: Camera, share: number, size_px: Size): Camera {
  if (share >= 1) return to;
  const start = middleOf(from, size_px);
  const end = middleOf(to, size_px);
  const isNear = Math.hypot(end.x - start.x, end.y - start.y) * to.zoom < ARRIVED_PX && Math.abs(to.zoom / from.zoom - 1) < ARRIVED_ZOOM;
  if (isNear) return to;
  const zoom = from.zoom * (to.zoom / from.zoom) ** share;
  const at = { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share };
  return centredOn({ x: 0, y: 0, zoom }, at, size_px);
}

function middleOf(camera: Camera, size_px: Size): { readonly x: number; readonly y: number } {
  return { x: camera.x + size_px.width / camera.zoom / 2, y: camera.y + size_px.height / camera.zoom / 2 };
}
