/**
 * Things that belong together (FOLD-10, `group`): choosing one chooses all, unless one has gone inside.
 *
 * A group is only a word that its members share. Going inside is this person's own view of it, kept nowhere. Groups don't
 * nest: grouping a group with more makes one larger group. Members are looked up in a table that is made anew when places or properties
 * changed (`scene.places`), so that choosing among ten thousand things reads nothing.
 */
import { typeOf } from '../../core/elements';
import { t } from '../../i18n';
import { newId } from '../../sync/identity';
import type { Value } from '../../sync/interface';
import { union } from '../geometry';
import { nameOf, type Item } from '../scene';
import type { Unit } from './align';
import type { Desk } from './desk';

/** The group of a thing; "" for none. */
export function groupOf(item: Item | undefined): string {
  return item !== undefined && typeOf(item.kind).props.has('group') ? nameOf(item.element, 'group') : '';
}

/** Things as units: each group as one; if there is but one group, its members. Links that hang between things are no units. */
export function unitsOf(items: readonly Item[]): Unit[] {
  const free = items.filter((item) => !isBound(item));
  const groups = new Map<string, Item[]>();
  for (const item of free) {
    const key = groupOf(item) || item.id;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const parts = groups.size === 1 ? free.map((item) => [item]) : [...groups.values()];
  return parts.flatMap((part) => {
    const rect = union(part.map((item) => item.rect));
    return rect === null ? [] : [{ ids: part.map((item) => item.id), rect }];
  });
}

/** A link that is bound at both ends lies where they do. */
export function isBound(item: Item): boolean {
  return item.kind === 'connector' && nameOf(item.element, 'from') !== '' && nameOf(item.element, 'to') !== '';
}

export class Groups {
  /** The group that I have gone into; "" for none. */
  inside = $state('');
  readonly #desk: Desk;
  #known: { readonly places: number; readonly members: ReadonlyMap<string, readonly string[]> } | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  members(group: string): readonly string[] {
    const { scene } = this.#desk;
    if (this.#known?.places !== scene.places) {
      const members = new Map<string, string[]>();
      for (const item of scene.items()) {
        const name = groupOf(item);
        if (name !== '') members.set(name, [...(members.get(name) ?? []), item.id]);
      }
      this.#known = { places: scene.places, members };
    }
    return this.#known.members.get(group) ?? [];
  }

  /** What is chosen when these are: with all that belongs to them, in the order given. Leaves a group that none of them is in. */
  whole(ids: Iterable<string>): Set<string> {
    const { scene } = this.#desk;
    const all = new Set<string>();
    let isInside = false;
    for (const id of ids) {
      const item = scene.get(id);
      if (item === undefined) continue;
      const group = groupOf(item);
      if (group !== '' && group === this.inside) isInside = true;
      if (group === '' || group === this.inside) all.add(id);
      else for (const member of this.members(group)) all.add(member);
    }
    if (!isInside && all.size > 0) this.inside = '';
    return all;
  }

  /** Whether Enter or a double press goes inside first. */
  isClosed(id: string): boolean {
    const group = groupOf(this.#desk.scene.get(id));
    return group !== '' && group !== this.inside && this.members(group).length > 1;
  }

  /** Go inside to one member. */
  enter(id: string): void {
    const group = groupOf(this.#desk.scene.get(id));
    if (group === '') return;
    this.inside = group;
    this.#desk.select([id]);
    this.#desk.askFocus(id);
    this.#desk.announce(t('arrange.group.inside'));
  }

  /** Out again: the whole group is chosen. Answers whether one was inside. */
  leave(): boolean {
    const group = this.inside;
    if (group === '') return false;
    this.inside = '';
    this.#desk.select(this.members(group));
    this.#desk.announce(t('arrange.group.outside'));
    return true;
  }

  canGroup(items: readonly Item[]): boolean {
    const [first] = items;
    const group = groupOf(first);
    return items.length > 1 && items.some((item) => groupOf(item) === '' || groupOf(item) !== group);
  }

  group(items: readonly Item[]): void {
    const takes = items.filter((item) => typeOf(item.kind).props.has('group'));
    if (takes.length < 2) {
      this.#desk.announce(t('arrange.group.two'));
      return;
    }
    const group = newId();
    this.inside = '';
    if (!this.#desk.setValues(new Map(takes.map((item) => [item.id, { group }])))) return;
    this.#desk.select(takes.map((item) => item.id));
    this.#desk.announce(t('arrange.grouped', { count: takes.length }));
  }

  ungroup(items: readonly Item[]): void {
    const changes = new Map<string, Record<string, Value>>();
    for (const item of items) if (groupOf(item) !== '') changes.set(item.id, { group: '' });
    this.inside = '';
    if (this.#desk.setValues(changes)) this.#desk.announce(t('arrange.ungrouped'));
  }
}
