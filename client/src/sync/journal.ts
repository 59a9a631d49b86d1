/**
 * How the words of each field changed on this screen, step by step, so that a caret finds its place again.
 *
 * A token is the number of changes of a field so far; it is true on this device only. Only the last changes of each field are
 * kept: whoever writes takes a new token after every change.
 */

import type { Op } from '../core/text.ts';
import { mapPosition } from './words.ts';

const KEPT = 256;

interface Track {
  /** How many changes were forgotten. */
  start: number;
  readonly ops: Op[];
}

/** What names a field in maps. */
export function fieldKey(element: string, field: string): string {
  return `${element} ${field}`;
}

export class Journal {
  readonly #tracks = new Map<string, Track>();

  /** A field's words changed by `op`. */
  note(element: string, field: string, op: Op): void {
    if (op.length === 0) return;
    const key = fieldKey(element, field);
    const track = this.#tracks.get(key) ?? { start: 0, ops: [] };
    this.#tracks.set(key, track);
    track.ops.push(op);
    if (track.ops.length > KEPT * 2) track.start += track.ops.splice(0, KEPT).length;
  }

  /** Every field whose words changed here, as [element, field]. */
  fields(): (readonly [string, string])[] {
    return [...this.#tracks.keys()].map((key) => key.split(' ') as [string, string]);
  }

  /** Now, for this field. */
  token(element: string, field: string): number {
    const track = this.#tracks.get(fieldKey(element, field));
    return track === undefined ? 0 : track.start + track.ops.length;
  }

  /** A position as of `token`, as it is now. */
  map(element: string, field: string, token: number, position: number, stickRight: boolean): number {
    const track = this.#tracks.get(fieldKey(element, field));
    if (track === undefined) return position;
    let now = position;
    for (const op of track.ops.slice(Math.max(0, token - track.start))) now = mapPosition(op, now, stickRight);
    return now;
  }
}
