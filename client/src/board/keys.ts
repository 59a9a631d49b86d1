/**
 * The keyboard on the cloth: everything that a hand can do, by key (room/keys.ts lists them for people).
 *
 * Keys act while the focus is on the cloth or on a thing on it (WCAG 2.1.4: a letter is never a command elsewhere). Chosen and focused
 * go together: Tab chooses what it goes to, besides what Space keeps. Arrows move what is chosen (arrange/carry), or the cloth if nothing is.
 */
import type { BoardController } from './controller.svelte';
import type { Tip, Tool } from './control';
import { MAKINGS, type Making } from './craft.svelte';
import { t } from '../i18n';
import { LONG_STEP, STEP, type Carry } from './arrange/carry.svelte';
import type { PanelName } from './arrange/choices';
import { facetsOf, inksOf } from './arrange/facets';
import { nearestTowards, type Way } from './towards';

/** What the canvas does that the controller does not know of. */
export interface Floating {
  openMenu(): void;
  openPanel(name: PanelName): void;
  /** Esc: closes what floats, or takes back a drag. Answers whether there was anything. */
  dismiss(): boolean;
}

export interface Keyed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  /** The key is held and speaks again. */
  readonly repeat: boolean;
}

const PAN_PX = 80;
const ARROWS: Readonly<Record<string, readonly [number, number, Way]>> = {
  ArrowLeft: [-1, 0, 'left'],
  ArrowRight: [1, 0, 'right'],
  ArrowUp: [0, -1, 'up'],
  ArrowDown: [0, 1, 'down'],
};
const TOOL_KEYS: Readonly<Record<string, Tool>> = { v: 'choose', z: 'zone', h: 'hand' };
const TIP_KEYS: Readonly<Record<string, Tip>> = { d: 'pen', m: 'highlighter', e: 'eraser' };
/** Shown beside each form in its tray. */
export const FORM_KEYS: Readonly<Record<Making, string>> = { rectangle: 'r', ellipse: 'o', diamond: 'q', triangle: 't', line: 'a' };
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta']);

export class BoardKeys {
  readonly #control: BoardController;
  readonly #floating: Floating;
  /** What Space keeps in the choice while Tab goes on. */
  readonly #kept = new Set<string>();
  readonly #carry: Carry;

  constructor(control: BoardController, carry: Carry, floating: Floating) {
    this.#control = control;
    this.#carry = carry;
    this.#floating = floating;
  }

  /** Answers whether the key was taken: then the page must not act on it. */
  press(event: Keyed): boolean {
    if (this.#control.company.press(event)) return true;
    const chord = event.ctrlKey || event.metaKey;
    const arrow = chord ? undefined : ARROWS[event.key];
    if (arrow !== undefined) return this.#arrow(arrow, event);
    // Whatever comes next is about things where they lie. Modifiers alone say nothing yet.
    if (!MODIFIERS.has(event.key)) {
      if (this.#carry.pad === null) this.#carry.settle();
      else if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'Tab') this.#carry.close(true);
    }
    if (chord) return this.#chord(event);
    if (event.altKey) return false;
    if (event.key === 'F10' && event.shiftKey) return this.#did(() => this.#floating.openMenu());
    switch (event.key) {
      case 'Tab':
        return this.#tab(event.shiftKey);
      case 'Enter':
        if (event.shiftKey && this.#answer()) return true;
        return this.#enter();
      case 'F2':
        return this.#enter();
      case 'Escape':
        return this.#escape();
      case 'Delete':
      case 'Backspace':
        return this.#did(() => this.#control.setAside());
      case 'ContextMenu':
        return this.#did(() => this.#floating.openMenu());
      case 'PageUp':
      case 'PageDown':
        return this.#did(() => this.#control.panBy_px(0, this.#control.surface_px.height * (event.key === 'PageUp' ? -0.8 : 0.8)));
      default:
        return this.#letter(event.key.toLowerCase());
    }
  }

  #did(act: () => void): true {
    act();
    return true;
  }

  #chord(event: Keyed): boolean {
    const control = this.#control;
    switch (event.key.toLowerCase()) {
      case 'z':
        return this.#did(() => (event.shiftKey ? control.redo() : control.undo()));
      case 'y':
        return this.#did(() => control.redo());
      case 'a':
        return this.#did(() => control.selectAll());
      case 'd':
        return this.#did(() => control.clipboard.duplicate());
      case 'g':
        return this.#did(() => (event.shiftKey ? control.arrange.ungroup() : control.arrange.group()));
      case ']':
        return this.#did(() => control.order('forward'));
      case '[':
        return this.#did(() => control.order('backward'));
      case '=':
      case '+':
        return this.#did(() => control.zoomIn());
      case '-':
        return this.#did(() => control.zoomOut());
      case '0':
        return this.#did(() => control.zoomTo(1));
      default:
        return false;
    }
  }

  #letter(key: string): boolean {
    const control = this.#control;
    const tool = TOOL_KEYS[key];
    if (tool !== undefined) return this.#did(() => control.setTool(tool));
    const tip = TIP_KEYS[key];
    if (tip !== undefined) return this.#did(() => this.#takePen(tip));
    const making = MAKINGS.find((one) => FORM_KEYS[one] === key);
    if (making !== undefined) return this.#did(() => control.craft.choose(making));
    switch (key) {
      case 'n':
        return this.#did(() => void control.addNote());
      case 'x':
        return this.#did(() => void control.unnamed({}, true));
      case 'l':
        return this.#did(() => control.startConnector());
      case 'c':
        return this.#panel('colour');
      case 'y':
        return this.#panel('style');
      case 'i':
        return this.#panel('arrange');
      case 'u':
        return this.#panel('hold');
      case 'w':
        return control.selection.size > 0 && this.#did(() => this.#carry.open('move'));
      case '+':
      case '=':
        return this.#did(() => control.zoomIn());
      case '-':
        return this.#did(() => control.zoomOut());
      case '0':
        return this.#did(() => control.zoomTo(1));
      case '1':
        return this.#did(() => control.fit());
      case ']':
        return this.#did(() => control.order('front'));
      case '[':
        return this.#did(() => control.order('back'));
      default:
        return false;
    }
  }

  #takePen(tip: Tip): void {
    const control = this.#control;
    control.setPen({ tip });
    control.setTool('draw');
    control.announce(t(`draw.tip.${tip}`));
  }

  /** A panel that has something to choose from for what is chosen. */
  #panel(name: PanelName): boolean {
    const items = this.#control.items();
    const inks = inksOf(items);
    const isEmpty = name === 'style' ? facetsOf(items).length === 0 : name === 'colour' && inks.paper.length + inks.pen.length + inks.fill.length === 0;
    return items.length > 0 && !isEmpty && this.#control.replica.mayEdit && this.#did(() => this.#floating.openPanel(name));
  }

  /** In reading order; past the last one the keyboard leaves the cloth. */
  #tab(backwards: boolean): boolean {
    const control = this.#control;
    const order = control.reading();
    const now = control.focused === null ? -1 : order.indexOf(control.focused);
    const next = backwards ? (now === -1 ? -1 : now - 1) : now + 1;
    const id = order[next];
    if (id === undefined || (backwards && now <= 0)) return false;
    this.#goTo(id);
    return true;
  }

  #goTo(id: string): void {
    const control = this.#control;
    const order = new Set(control.reading());
    for (const kept of this.#kept) if (!order.has(kept)) this.#kept.delete(kept);
    control.focusElement(id);
    if (this.#kept.size > 0) control.select([...this.#kept, id]);
  }

  /** Space without a pan: keep what one stands on in the choice, or no longer. */
  keep(): void {
    const control = this.#control;
    const id = control.focused;
    if (id === null || control.scene.get(id) === undefined) return;
    if (control.craft.tick(id)) return;
    const isNew = !this.#kept.delete(id);
    if (isNew) this.#kept.add(id);
    control.select([...this.#kept, id]);
    control.announce(t(isNew ? 'board.kept' : 'board.unkept'));
  }

  #enter(): boolean {
    const control = this.#control;
    if (control.tool === 'link' && control.focused !== null) {
      if (control.craft.bent(control.focused)) return true;
      if (control.linkFrom === null) control.startConnector(control.focused);
      else control.connect(control.linkFrom, control.focused);
      return true;
    }
    if (control.tool === 'zone') return this.#did(() => void control.addZone());
    if (control.tool === 'shape') return this.#did(() => void control.craft.addShape());
    if (control.tool === 'note') return this.#did(() => void control.addNote());
    if (control.focused === null || control.scene.get(control.focused) === undefined) return false;
    if (this.#carry.pad !== null) this.#carry.close(true);
    else if (control.arrange.groups.isClosed(control.focused)) control.arrange.groups.enter(control.focused);
    else control.edit(control.focused);
    return true;
  }

  /** Answers what one stands on, where tool and pad leave Enter free. */
  #answer(): boolean {
    const control = this.#control;
    return control.tool === 'choose' && this.#carry.pad === null && control.focused !== null && control.craft.answer(control.focused) !== null;
  }

  #escape(): boolean {
    const control = this.#control;
    this.#kept.clear();
    if (this.#carry.pad !== null) {
      this.#carry.close(false);
      return true;
    }
    if (this.#floating.dismiss()) return true;
    if (control.arrange.groups.leave()) return true;
    if (control.tool === 'link') control.endLink();
    else if (control.tool !== 'choose') control.setTool('choose');
    else if (control.selection.size > 0) {
      control.clearSelection();
      control.announce(t('board.chosenNone'));
      control.askFocus(null);
    } else return false;
    return true;
  }

  #arrow([dx, dy, way]: readonly [number, number, Way], event: Keyed): boolean {
    const control = this.#control;
    if (control.tool === 'link' && control.linkFrom !== null) return this.#linkTowards(way);
    if (control.selection.size === 0) {
      control.panBy_px(dx * PAN_PX, dy * PAN_PX);
      return true;
    }
    if (!control.replica.mayEdit) return true;
    const step = event.shiftKey ? LONG_STEP : STEP;
    const kind = this.#carry.pad ?? (event.altKey ? 'size' : 'move');
    this.#carry.step(kind, dx * step, dy * step);
    return true;
  }

  /** While a link looks for its end, arrows go from thing to thing. */
  #linkTowards(way: Way): boolean {
    const control = this.#control;
    const from = control.bounds(control.focused ?? control.linkFrom ?? '');
    if (from === null) return false;
    const things = [...control.scene.items()].filter((item) => item.kind !== 'connector' && item.id !== control.linkFrom);
    const next = nearestTowards(from, way, things);
    if (next !== null) control.focusElement(next);
    return true;
  }
}
