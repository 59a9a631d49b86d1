/** What the rows of the outline and the cards of the list are called, and the little that stands beside their words. */
import type { BoardControl } from '../board/control';
import { called, calledShort, inShort, lockOf, statesOf } from '../board/naming';
import { t, tList } from '../i18n';
import type { Branch, Outline } from './outline';

/** So many of a cluster are named. */
const NAMED = 3;

export class Names {
  readonly #control: () => BoardControl;
  readonly #outline: () => Outline;
  readonly #writing: () => ReadonlyMap<string, readonly string[]>;
  readonly #late: () => ReadonlySet<string>;
  readonly #calledOf: (author: string) => string;

  /** All are read anew at each question, so that what reads a name follows what it is made of. */
  constructor(
    control: () => BoardControl,
    outline: () => Outline,
    writing: () => ReadonlyMap<string, readonly string[]>,
    late: () => ReadonlySet<string>,
    calledOf: (author: string) => string,
  ) {
    this.#control = control;
    this.#outline = outline;
    this.#writing = writing;
    this.#late = late;
    this.#calledOf = calledOf;
  }

  /** A thing's words, or what it is if it has none. */
  byId(id: string): string {
    void this.#outline();
    return calledShort(this.#control().replica.view.elements.get(id));
  }

  /** Its words on one line; for links the whole sentence. */
  short(branch: Branch | null): string {
    if (branch === null) return '';
    void this.#outline();
    const { thing } = branch;
    if (thing !== null) return thing.type === 'connector' ? this.#called(thing.id) : this.byId(thing.id);
    switch (branch.kind) {
      case 'drawings':
        return t('outline.drawings');
      case 'links':
        return t('outline.links');
      default:
        return t('outline.cluster', { what: this.#members(branch) });
    }
  }

  #members(branch: Branch): string {
    const names = branch.children.slice(0, NAMED).map((child) => inShort(this.byId(child.key), 30));
    return tList(branch.children.length > NAMED ? [...names, '…'] : names);
  }

  #called(id: string): string {
    const { elements } = this.#control().replica.view;
    const element = elements.get(id);
    return element === undefined ? '' : called(element, (one) => elements.get(one));
  }

  /** "4 notes", "3 drawings", "2 replies": what stands under it; "" for nothing. */
  count(branch: Branch): string {
    const count = branch.children.length;
    if (count === 0 && branch.kind !== 'zone') return '';
    switch (branch.kind) {
      case 'drawings':
        return t('outline.drawings.count', { count });
      case 'thing':
        return t('name.replies', { count: this.#outline().replies.get(branch.key) ?? 0 });
      default:
        return t('outline.things', { count });
    }
  }

  /** All that is said of a row: what it is, its words, its states. */
  whole(branch: Branch): string {
    const { thing } = branch;
    if (thing === null) return [this.short(branch), this.count(branch)].filter((part) => part !== '').join(', ');
    void this.#outline();
    const control = this.#control();
    const element = control.replica.view.elements.get(thing.id);
    if (element === undefined) return '';
    const parts = [this.#called(thing.id)];
    if (branch.kind === 'zone') parts.push(this.count(branch));
    if (branch.answers !== null) parts.push(t('outline.reply', { what: this.byId(branch.answers) }));
    const writers = (this.#writing().get(thing.id) ?? []).map(this.#calledOf);
    const replies = this.#outline().replies.get(thing.id) ?? 0;
    const state = { replies, writers, isUnsaved: this.isUnsaved(branch) };
    parts.push(statesOf(element, state, this.#calledOf, control.replica.now));
    return parts.filter((part) => part !== '').join(', ');
  }

  isHeld(branch: Branch): boolean {
    void this.#outline();
    const { elements } = this.#control().replica.view;
    return branch.thing !== null && lockOf(elements.get(branch.thing.id), this.#control().replica.now) !== null;
  }

  /** Not saved yet, and not only for a moment. */
  isUnsaved(branch: Branch): boolean {
    return branch.thing !== null && this.#late().has(branch.thing.id);
  }
}
