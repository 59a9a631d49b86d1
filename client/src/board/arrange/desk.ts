/**
 * What arranging and copying need of an open board. The controller is the one implementation; the parts here know this surface and
 * not the controller, so that each can be read and tested by itself, and nothing goes in circles.
 */
import type { BoardReplica, Value } from '../../sync/interface';
import type { Rect } from '../geometry';
import type { Item, Scene } from '../scene';
import type { View } from '../view.svelte';

export interface Desk {
  readonly replica: BoardReplica;
  readonly scene: Scene;
  readonly view: View;
  readonly selection: ReadonlySet<string>;
  readonly focused: string | null;
  /** Grows whenever elements changed: a rune. */
  readonly changes: number;
  readonly me: string;
  /** Where my pointer is on the board; null if it is not over the cloth. */
  readonly at: readonly [number, number] | null;
  /** The chosen, or those named, that are on the board; lowest first. */
  items(ids?: Iterable<string>): Item[];
  select(ids: Iterable<string>): void;
  focusElement(id: string): void;
  askFocus(id: string | null): void;
  /** One group, one step of undo. Answers whether anything was sent. */
  setValues(changes: ReadonlyMap<string, Record<string, Value>>): boolean;
  moveTo(places: readonly (readonly [Item, Rect])[]): boolean;
  setAside(why?: string, ids?: Iterable<string>): void;
  nameOf(author: string): string;
  announce(text: string): void;
  /** Something that one press takes on, or back. */
  offer(text: string, label: string, act: () => void): void;
}
