/**
 * One zone at a time (calm mode): which one, and what is left of the outline then. Zones stand in reading order; the bare cloth, if
 * anything lies on it, comes first, as "".
 */
import type { Branch, Outline } from './outline';

/** The places that one can be at: "" for the bare cloth, else a zone's id. None if there are no zones to tell apart. */
export function placesOf(outline: Outline): string[] {
  const zones: string[] = [];
  const waiting = outline.roots.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'zone') zones.push(next.key);
    for (const child of next.children.toReversed()) if (child.kind === 'zone') waiting.push(child);
  }
  if (zones.length === 0) return [];
  return outline.roots.some(({ kind }) => kind !== 'zone') ? ['', ...zones] : zones;
}

/** What of the outline is at a place; everything for null, or if the place is gone. */
export function onlyIn(outline: Outline, place: string | null): Outline {
  if (place === null || !placesOf(outline).includes(place)) return outline;
  if (place === '') return { ...outline, roots: outline.roots.filter(({ kind }) => kind !== 'zone') };
  const waiting: Branch[] = [...outline.roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.key === place) return { ...outline, roots: [next] };
    for (const child of next.children) waiting.push(child);
  }
  return outline;
}
