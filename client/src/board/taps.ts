/** What a tap does on the cloth, by tool; two quick ones at one place write, or make a note where nothing lies. */
import type { BoardController } from './controller.svelte';
import { Drawing } from './drawing';
import { eraserReach, strokesMet } from './hands/erase';
import type { Point } from './geometry';
import { around, ZONE_SIZE } from './making';
import type { Press } from './modes';
import type { Item } from './scene';

const DOUBLE_MS = 420;
const DOUBLE_PX = 26;

export class Taps {
  readonly #control: BoardController;
  #last: { readonly px: Point; readonly ms: number; readonly id: string | null } | null = null;

  readonly #partAt: (px: Point, id: string) => HTMLElement | null;

  constructor(control: BoardController, partAt: (px: Point, id: string) => HTMLElement | null) {
    this.#control = control;
    this.#partAt = partAt;
  }

  /** `ms`: when. */
  tap(press: Press, ms: number): void {
    const control = this.#control;
    const isDouble = this.#isSecond(press, ms);
    if (control.editing !== null && control.editing.element === press.item?.id) return;
    if (control.editing !== null) control.stopEditing();
    switch (control.tool) {
      case 'note':
        control.addNote(press.at);
        break;
      case 'zone':
        this.zoneAt(press.at);
        break;
      case 'shape':
        control.craft.addShape(press.at);
        break;
      case 'link':
        this.#link(press.item, press.at);
        break;
      case 'draw':
        // Mouse and pen began at once.
        if (press.isTouch && control.fingersDraw && control.replica.mayEdit) this.#dot(press, ms);
        break;
      default:
        this.#choose(press, isDouble);
    }
  }

  /** A tap with a finger is a dot, or takes away the stroke under it. */
  #dot(press: Press, ms: number): void {
    const control = this.#control;
    if (control.pen.tip === 'eraser') control.erase(strokesMet(control, press.at, press.at, eraserReach(control, true)));
    else new Drawing(control, { ...press.at, pressure: 0.5 }, 1, ms).end(ms);
  }

  #isSecond(press: Press, ms: number): boolean {
    const last = this.#last;
    const id = press.item?.id ?? null;
    const isNear = last !== null && Math.hypot(press.px.x - last.px.x, press.px.y - last.px.y) < DOUBLE_PX;
    const isSecond = isNear && ms - last.ms < DOUBLE_MS && last.id === id;
    // A third tap begins anew.
    this.#last = isSecond ? null : { px: press.px, ms, id };
    return isSecond;
  }

  /** A zone of the usual size, its middle here. */
  zoneAt(at: Point): void {
    this.#control.addZone(around(at, ZONE_SIZE));
  }

  #link(item: Item | null, at: Point): void {
    const control = this.#control;
    if (control.craft.bent(item !== null && control.canLink(item.id) ? item.id : at)) return;
    if (item === null || !control.canLink(item.id)) control.endLink();
    else if (control.linkFrom === null) control.startConnector(item.id);
    else control.connect(control.linkFrom, item.id);
  }

  /** A box under the press is ticked; an address is opened only where Ctrl asks for it. */
  #acts(press: Press, item: Item, isDouble: boolean): boolean {
    const { craft } = this.#control;
    const { box, href } = this.#partAt(press.px, item.id)?.dataset ?? {};
    if (href !== undefined && press.opens && craft.addresses(item).includes(href)) {
      craft.open(href);
      return true;
    }
    if (box === undefined || press.keys.adds) return false;
    if (!isDouble) craft.tick(item.id, Number(box));
    this.#last = null;
    return true;
  }

  #choose(press: Press, isDouble: boolean): void {
    const control = this.#control;
    const { item, flag } = press;
    if (flag !== null) {
      this.#last = null;
      control.company.turnTo(flag);
      return;
    }
    if (item !== null && this.#acts(press, item, isDouble)) return;
    if (isDouble) {
      if (item === null) control.addNote(press.at);
      else if (control.arrange.groups.isClosed(item.id)) control.arrange.groups.enter(item.id);
      else control.edit(item.id);
    } else if (item === null) {
      if (!press.keys.adds) control.clearSelection();
      control.askFocus(null);
    } else {
      if (press.keys.adds) control.toggle(item.id);
      else control.select([item.id]);
      control.askFocus(item.id);
    }
  }
}
