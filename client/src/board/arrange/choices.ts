/**
 * What one can do with what is chosen, or with the bare cloth: one list, from which the bar takes what it has room for, and the menu
 * all. So whatever a pointer finds in the bar, the keyboard and a long press find in the menu.
 */
import { typeOf } from '../../core/elements';
import { t } from '../../i18n';
import type { BoardController } from '../controller.svelte';
import type { Point } from '../geometry';
import { around, ZONE_SIZE } from '../making';
import { inShort } from '../naming';
import { canResize } from '../resize';
import type { Item } from '../scene';
import type { Carry } from './carry.svelte';
import { facetsOf, inksOf } from './facets';
import { groupOf } from './groups.svelte';

/** What opens in the place of the bar. */
export type PanelName = 'colour' | 'style' | 'arrange' | 'hold' | 'zones';

export interface Choice {
  readonly id: string;
  readonly words: string;
  /** For the bar, where there is less room. */
  readonly short?: string;
  /** As people press it; the same in every language. */
  readonly keys: string;
  readonly act: () => void;
  /** Its panel, if it opens one. */
  readonly panel?: PanelName;
  /** For a switch. */
  readonly isOn?: boolean;
  /** The less, the sooner it is in the bar; 0: in the menu only. */
  readonly bar: number;
  /** Choices of one part of the menu stand together. */
  readonly part: number;
}

export interface Opening {
  openPanel(name: PanelName): void;
  readonly carry: Carry;
}

type Some = Choice | false;

export function choicesFor(control: BoardController, opening: Opening): Choice[] {
  const items = control.items();
  if (items.length === 0 || !control.replica.mayEdit) return [];
  return [...looks(control, items, opening), ...places(control, items, opening), ...copies(control, items), ...pile(control)].filter(
    (choice) => choice !== false,
  );
}

function looks(control: BoardController, items: readonly Item[], { openPanel }: Opening): Some[] {
  const single = items.length === 1 ? items[0] : undefined;
  const inks = inksOf(items);
  const hasInk = inks.paper.length + inks.pen.length + inks.fill.length > 0;
  const panel = (name: PanelName, words: string, keys: string, bar: number): Choice => ({
    id: name,
    words,
    keys,
    panel: name,
    act: () => openPanel(name),
    bar,
    part: 1,
  });
  return [
    single !== undefined &&
      typeOf(single.kind).fields.length > 0 && { id: 'write', words: t('board.menu.write'), keys: 'Enter', act: () => control.edit(single.id), bar: 2, part: 1 },
    single !== undefined &&
      control.craft.canAnswer(single.id) && { id: 'answer', words: t('list.answer'), keys: 'Shift Enter', act: () => control.craft.answer(single.id), bar: 3, part: 1 },
    ...(single === undefined ? [] : addresses(control, single)),
    single?.kind === 'image' && { id: 'alt', words: t('draw.alt.do'), keys: 'Enter', act: () => (control.craft.asking = single.id), bar: 2, part: 1 },
    single !== undefined && { id: 'whose', words: t('whose.do'), short: t('whose.heading'), keys: '', act: () => (control.whose = single.id), bar: 6, part: 1 },
    hasInk && panel('colour', t('board.menu.colour'), 'C', 1),
    // Lines and shapes have a tray of their own on the cloth, with the same.
    facetsOf(items).length > 0 && panel('style', t('arrange.style'), 'Y', items.every(hasTray) ? 0 : 4),
    ...(single?.kind === 'connector' ? ends(control, single) : []),
    single !== undefined &&
      control.canLink(single.id) && { id: 'link', words: t('board.menu.link'), short: t('tool.link'), keys: 'L', act: () => control.startConnector(single.id), bar: 3, part: 1 },
  ];
}

/** Where a link begins and leads can be changed without a drag. */
function ends(control: BoardController, single: Item): Choice[] {
  return (['from', 'to'] as const).map((end) => ({
    id: end,
    words: t(end === 'from' ? 'draw.end.begin' : 'draw.end.lead'),
    keys: '',
    act: () => control.craft.bend(single.id, end),
    bar: 0,
    part: 1,
  }));
}

function hasTray(item: Item): boolean {
  return item.kind === 'connector' || item.kind === 'shape';
}

/** Addresses in its words, in short, each once. The bar has the first. */
function addresses(control: BoardController, single: Item): Choice[] {
  const known = new Map(control.craft.addresses(single).map((href) => [inShort(href.replace(/^https?:\/\//, ''), 36), href]));
  return [...known].map(([where, href], index) => ({
    id: index === 0 ? 'open' : `open-${index}`,
    words: t('draw.open.where', { where }),
    short: t('draw.open'),
    keys: '',
    act: () => control.craft.open(href),
    bar: index === 0 ? 2 : 0,
    part: 1,
  }));
}

function places(control: BoardController, items: readonly Item[], { openPanel, carry }: Opening): Some[] {
  const { arrange } = control;
  const held = items.some((item) => arrange.holding.of(item.id) !== null);
  const isGrouped = items.some((item) => groupOf(item) !== '');
  const [single] = items.length === 1 ? items : [];
  const asked = single?.kind === 'zone' ? 'clear' : single?.kind === 'image' ? 'removeimage' : null;
  const hasZone = items.some((item) => item.kind === 'zone');
  const part = 2;
  return [
    { id: 'arrange', words: t('arrange.arrange'), keys: 'I', panel: 'arrange', act: () => openPanel('arrange'), bar: items.length > 1 ? 3 : 9, part },
    arrange.groups.canGroup(items) && { id: 'group', words: t('arrange.group'), keys: 'Ctrl G', act: () => arrange.group(), bar: 5, part },
    isGrouped && { id: 'ungroup', words: t('arrange.ungroup'), keys: 'Ctrl Shift G', act: () => arrange.ungroup(), bar: 5, part },
    held && { id: 'free', words: t('arrange.free'), keys: '', act: () => arrange.release(), bar: 1, part },
    { id: 'hold', words: t('arrange.hold'), keys: 'U', panel: 'hold', act: () => openPanel('hold'), bar: 6, part },
    { id: 'carry', words: t('arrange.carry'), keys: 'W', act: () => carry.open('move'), bar: 0, part },
    items.some((item) => canResize(item.kind)) && { id: 'size', words: t('arrange.size'), keys: 'Alt ←→', act: () => carry.open('size'), bar: 0, part },
    arrange.zones().length > 0 && { id: 'zones', words: t('arrange.toZone'), keys: '', panel: 'zones', act: () => openPanel('zones'), bar: 0, part },
    single !== undefined &&
      asked !== null &&
      control.canPropose && { id: asked, words: t(`decide.menu.${asked}`), keys: '', act: () => control.propose(asked, single.id), bar: 0, part },
    hasZone && { id: 'inside', words: t('arrange.inside'), keys: '', act: () => arrange.chooseInside(), bar: 0, part },
  ];
}

function copies(control: BoardController, items: readonly Item[]): Some[] {
  const { clipboard } = control;
  const part = 3;
  return [
    { id: 'duplicate', words: t('copy.duplicate'), keys: 'Ctrl D', act: () => clipboard.duplicate(24, 24, items), bar: 8, part },
    { id: 'copy', words: t('copy.copy'), keys: 'Ctrl C', act: () => clipboard.press('copy'), bar: 7, part },
    { id: 'cut', words: t('copy.cut'), keys: 'Ctrl X', act: () => clipboard.press('cut'), bar: 0, part },
    { id: 'aside', words: t('aside.do'), keys: 'Delete', act: () => control.setAside(), bar: 2, part },
  ];
}

function pile(control: BoardController): Choice[] {
  const one = (where: 'front' | 'forward' | 'backward' | 'back', keys: string): Choice => ({
    id: where,
    words: t(`arrange.order.${where}`),
    keys,
    act: () => control.order(where),
    bar: 0,
    part: 4,
  });
  return [one('front', ']'), one('forward', 'Ctrl ]'), one('backward', 'Ctrl ['), one('back', '[')];
}

/** What one can do where nothing is chosen. `at`: the place on the board that was pressed. */
export function choicesForCloth(control: BoardController, at: Point): Choice[] {
  const { clipboard, arrange, replica } = control;
  const one = (id: string, words: string, keys: string, act: () => void, part: number): Choice => ({ id, words, keys, act, bar: 0, part });
  const making = [
    one('note', t('board.menu.note'), 'N', () => void control.addNote(at), 1),
    one('unnamed', t('unnamed.menu'), 'X', () => void control.unnamed({ beside: control.zoneUnder(at) }, true), 1),
    one('zone', t('board.menu.zone'), 'Z', () => void control.addZone(around(at, ZONE_SIZE)), 1),
    ...(clipboard.hasKept ? [one('paste', t('copy.paste'), 'Ctrl V', () => clipboard.pasteKept(at), 2)] : []),
    one('box', t('copy.fromWords'), '', () => (clipboard.isBoxOpen = true), 2),
  ];
  const { lining } = arrange;
  const switches: Choice[] = [
    { ...one('guides', t('arrange.guides'), '', () => (lining.isOn = !lining.isOn), 4), isOn: lining.isOn },
    { ...one('grid', t('arrange.grid'), '', () => (lining.hasGrid = !lining.hasGrid), 4), isOn: lining.hasGrid },
  ];
  return [
    ...(replica.mayEdit ? making : []),
    one('all', t('board.menu.all'), 'Ctrl A', () => control.selectAll(), 3),
    one('fit', t('board.fit'), '1', () => control.fit(), 3),
    ...(replica.mayEdit ? switches : []),
  ];
}
