/**
 * The one implementation of `BoardControl` (control.ts): what is chosen, written and seen on one open board, and the verbs.
 *
 * It owns the scene (where things lie) and the view (camera), and keeps both in step with the replica. It draws nothing
 * and knows no DOM: shell, outline and canvas read its runes. Every verb that changes the board is one call of the
 * replica, so one step of undo, and answers at once; whether it applied in the end is told by `sync/`.
 */
import { typeOf } from '../core/elements';
import type { Value } from '../core/edits';
import { wordsKept } from '../core/whose';
import type { Element } from '../core/board';
import { t, tList } from '../i18n';
import type { BoardEvent, BoardReplica, Here } from '../sync/interface';
import { Arranging } from './arrange/arranging.svelte';
import type { Desk } from './arrange/desk';
import { Clipboard } from './clipboard/clipboard.svelte';
import { device } from '../room/device';
import type { BoardControl, Editing, Outward, Pen, Tool, Unnamed, Where } from './control';
import { Craft } from './craft.svelte';
import { oncePerFrame } from './frames';
import { moved, union, type Camera, type Point, type Rect } from './geometry';
import { around, freePlaceFor, newConnector, newNote, newZone, NOTE_SIZES, ZONE_SIZE } from './making';
import { called, calledShort, colourName } from './naming';
import { ReadingOrder } from './order';
import { Pens } from './pens.svelte';
import { placeChanges } from './places';
import { canResize, reframed } from './resize';
import { compareItems, nameOf, Scene, type Item } from './scene';
import type { Size } from './camera';
import { Company } from './company/company.svelte';
import { isStill } from '../ui/modes';
import { View } from './view.svelte';

/** No farther than this while one writes on the canvas: letters of 18 px stay readable. */
const WRITING_ZOOM = 0.7;
/** A board that is too large to be read at a glance opens where reading begins, at this zoom. */
const FIRST_ZOOM = 0.5;
/** On a narrow screen one sees where everything is first; nothing wide would fit at a size to read. */
const NARROW_PX = 640;
const FIRST_ZOOM_NARROW = 0.14;
const NO_ONE: ReadonlySet<string> = new Set();

export class BoardController implements BoardControl, Desk {
  readonly replica: BoardReplica;
  readonly scene = new Scene();
  readonly view = new View(isStill);
  readonly craft = new Craft(this);
  readonly arrange: Arranging;
  readonly clipboard: Clipboard;

  tool: Tool = $state('choose');
  selection: ReadonlySet<string> = $state.raw(NO_ONE);
  editing: Editing | null = $state.raw(null);
  focused: string | null = $state(null);
  readonly #pens = new Pens();
  noteColour = $state('lemon');
  linkFrom: string | null = $state(null);
  /** The thing whose words are asked about in the sheet of `whose/`; null while it is closed. */
  whose: string | null = $state(null);
  canUndo = $state(false);
  canRedo = $state(false);
  changes = $state(0);
  /** Asks the canvas to give a thing (null: the cloth) the keyboard; each ask has a turn of its own. */
  focusAsk: { readonly id: string | null; readonly turn: number } = $state.raw({ id: null, turn: 0 });
  presence = $state(0);
  /** Calm mode: the one zone that is walked through and shown ("" for the bare cloth); null: everything. */
  only: string | null = $state(null);
  /** What somebody else set aside while I stood on it; each time has a turn of its own. */
  lost: { readonly id: string; readonly turn: number } = $state.raw({ id: '', turn: 0 });

  /** The others, as far as one does something with them. */
  readonly company: Company;

  readonly #outward: Outward;
  readonly #leave: () => void;
  readonly #changed = oncePerFrame(() => (this.changes += 1));
  readonly #moved = oncePerFrame(() => (this.presence += 1));
  readonly #said = oncePerFrame(() => {
    if (!this.#isClosed) this.replica.here(this.#here);
  });
  #here: Here = {};
  readonly #order: ReadingOrder;
  #isClosed = false;
  /** Whose items changed since the canvas took them; null: all of them. */
  #touched: Set<string> | null = null;

  constructor(replica: BoardReplica, outward: Outward) {
    this.replica = replica;
    this.#outward = outward;
    this.scene.load(replica.view);
    this.#order = new ReadingOrder(replica, this.scene);
    this.arrange = new Arranging(this, device().lining);
    this.clipboard = new Clipboard(this, () => this.noteColour);
    this.clipboard.placePictures = (files, at) => void this.craft.placePictures(files, at);
    this.#tellUndo();
    this.company = new Company(this);
    this.#leave = replica.subscribe((event) => this.#heard(event));
  }

  close(): void {
    this.#isClosed = true;
    this.arrange.close();
    this.company.close();
    this.#leave();
  }

  get me(): string {
    return this.#outward.me;
  }

  #heard(event: BoardEvent): void {
    switch (event.kind) {
      case 'reset':
        this.scene.load(this.replica.view);
        this.#touched = null;
        this.arrange.holding.heard(null);
        this.#prune();
        break;
      case 'elements':
        for (const id of this.scene.update(this.replica.view, event.ids)) this.#touched?.add(id);
        this.arrange.holding.heard(event.ids);
        this.#prune();
        break;
      case 'presence':
        this.#moved();
        return;
      case 'undo':
        break;
    }
    this.#tellUndo();
    this.#changed();
  }

  /** For the canvas: whose items changed since the last call; null for all. */
  takeTouched(): ReadonlySet<string> | null {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  #tellUndo(): void {
    this.canUndo = this.replica.canUndo;
    this.canRedo = this.replica.canRedo;
  }

  /** What went to the margin can't stay chosen; what I was writing there is kept, and I am told. */
  #prune(): void {
    if ([...this.selection].some((id) => this.scene.get(id) === undefined)) {
      this.selection = new Set([...this.selection].filter((id) => this.scene.get(id) !== undefined));
      this.say({ selected: [...this.selection].slice(0, 50) });
    }
    if (this.linkFrom !== null && this.scene.get(this.linkFrom) === undefined) this.linkFrom = null;
    if (this.focused !== null && this.scene.get(this.focused) === undefined) this.#stoodOn(this.focused);
    const writing = this.editing;
    if (writing === null || this.scene.get(writing.element) !== undefined) return;
    this.editing = null;
    this.askFocus(this.focused);
    const aside = this.replica.view.elements.get(writing.element)?.aside;
    if (aside?.stamp.author === this.me) return;
    this.#outward.offer(t('board.asideMeanwhile'), t('aside.undo'), () => this.bringBack([writing.element]));
  }

  /** What one stood on is gone: one stands on what follows it, so that the next key is not lost (the canvas gives it the keyboard). */
  #stoodOn(gone: string): void {
    const { aside } = this.replica.view.elements.get(gone) ?? { aside: null };
    const isMine = aside === null || aside.stamp.author === this.me;
    this.focused = this.#order.after(gone, (id) => this.scene.get(id) !== undefined);
    if (!isMine && this.editing?.element !== gone) this.lost = { id: gone, turn: this.lost.turn + 1 };
  }

  // ---- choosing

  setTool(tool: Tool): void {
    if (tool !== 'choose' && tool !== 'hand' && !this.replica.mayEdit) return;
    this.stopEditing();
    this.tool = tool;
    if (tool !== 'link') this.linkFrom = this.craft.bending = null;
  }

  get pen(): Pen {
    return this.#pens.now;
  }

  setPen(pen: Partial<Pen>): void {
    this.#pens.set(pen);
  }

  get fingersDraw(): boolean {
    return this.#pens.fingersDraw;
  }

  letFingersDraw(draw: boolean): void {
    this.#pens.letFingers(draw);
    this.announce(t(draw ? 'draw.fingers.draw' : 'draw.fingers.pan'));
  }

  /** A pen touched the cloth: fingers pan from now on. */
  penSeen(): void {
    if (this.#pens.seen() && this.tool === 'draw') this.announce(t('draw.fingers.pan'));
  }

  /** Strokes that the eraser met: set aside, one step of undo, and the tool stays in hand. */
  erase(ids: readonly string[]): void {
    const gone = ids.filter((id) => this.scene.get(id)?.kind === 'ink');
    if (gone.length === 0 || !this.replica.mayEdit) return;
    this.replica.setAside(gone);
    this.#outward.offer(t('draw.erased', { count: gone.length }), t('aside.undo'), () => this.bringBack(gone));
  }

  setNoteColour(colour: string): void {
    this.noteColour = colour;
  }

  select(ids: Iterable<string>): void {
    const chosen = this.arrange.groups.whole(ids);
    if (chosen.size === this.selection.size && [...chosen].every((id) => this.selection.has(id))) return;
    this.selection = chosen;
    this.say({ selected: [...chosen].slice(0, 50) });
  }

  toggle(id: string): void {
    const chosen = new Set(this.selection);
    const whole = this.arrange.groups.whole([id]);
    if (chosen.has(id)) for (const one of whole) chosen.delete(one);
    else for (const one of whole) chosen.add(one);
    this.select(chosen);
  }

  selectAll(): void {
    this.select(this.reading());
    this.announce(t('board.chosen', { count: this.selection.size }));
  }

  clearSelection(): void {
    this.select([]);
  }

  edit(element: string, field = 'text'): void {
    if (this.replica.anonymous.isMine(element) && this.unnamed({ element }, true)) return;
    const item = this.scene.get(element);
    if (item?.kind === 'image' && this.replica.mayEdit) this.craft.asking = element;
    if (item === undefined || !this.replica.mayEdit || !typeOf(item.kind).fields.includes(field)) return;
    const there = this.replica.view.elements.get(element);
    if (there !== undefined && wordsKept(there, this.me) !== null) {
      this.whose = element; // FOLD-81: no dead end, but the way to propose
      return;
    }
    this.tool = 'choose';
    if (this.arrange.groups.isClosed(element)) this.arrange.groups.enter(element);
    this.select([element]);
    this.focused = element;
    this.editing = { element, field };
    if (this.view.isShown) this.view.reveal(this.scene.rect(element) ?? item.rect, WRITING_ZOOM);
  }

  /** "Maria, written by Ada, from Ben's note, with words of Cem": who is behind the words of a thing. */
  writtenBy(element: Element): string {
    const name = this.nameOf(element.born.author);
    const said = element.words.get('said') ?? '';
    const credit = String(element.props.get('credit') ?? '');
    const others = [...new Set(element.credits.map((one) => one.stamp.author))];
    const parts = [
      said === '' ? t('whose.by', { name }) : t('whose.by.said', { said, name }),
      ...(credit === '' || credit === element.born.author ? [] : [t('whose.from', { name: this.nameOf(credit) })]),
      ...(others.length === 0 ? [] : [t('whose.with', { name: tList(others.map((author) => this.nameOf(author))) })]),
    ];
    return parts.join(' · ');
  }

  /** Whether I may have words here to take back: what I did on it, less what I withdrew. The server knows it exactly. */
  hasWritten(element: Element): boolean {
    const marks = [...element.hands.values()].filter((mark) => mark.author === this.me);
    return marks.length > 0 || element.born.author === this.me;
  }

  askWhose(id: string): void {
    this.whose = id;
  }

  stopEditing(): void {
    const writing = this.editing;
    if (writing === null) return;
    this.editing = null;
    this.askFocus(writing.element);
  }

  focusElement(id: string, options: { readonly edit?: boolean } = {}): void {
    const item = this.scene.get(id);
    if (item === undefined) return;
    if (this.editing !== null && this.editing.element !== id) this.editing = null;
    this.select([id]);
    this.focused = id;
    if (this.view.isShown) this.view.reveal(this.scene.rect(id) ?? item.rect);
    if (options.edit === true) this.edit(id);
    if (this.editing === null) this.askFocus(id);
  }

  show(ids: Iterable<string>): void {
    this.select(ids);
    this.#revealChosen();
  }

  askFocus(id: string | null): void {
    this.focused = id;
    this.focusAsk = { id, turn: this.focusAsk.turn + 1 };
  }

  // ---- camera

  get camera(): Camera {
    return this.view.camera;
  }

  get surface_px(): Size {
    return this.view.size_px;
  }

  zoomIn(): void {
    this.view.step(true);
  }

  zoomOut(): void {
    this.view.step(false);
  }

  zoomTo(zoom: number, around_px?: Point): void {
    this.view.zoomTo(zoom, around_px);
  }

  fit(ids?: Iterable<string>): void {
    const all = ids === undefined ? this.scene.extent() : union([...ids].flatMap((id) => this.scene.rect(id) ?? []));
    if (all === null) this.view.fly({ ...this.view.camera, ...this.#homeCorner() });
    else if (this.view.isShown) this.view.fit(all);
  }

  #homeCorner(): Camera {
    const { width, height } = this.view.size_px;
    return { x: -width / 2, y: -height / 2, zoom: 1 };
  }

  panTo(at: Point): void {
    this.view.panTo(at);
  }

  panBy_px(dx: number, dy: number): void {
    this.view.panBy_px(dx, dy);
  }

  /** The first look at a board: at its content, or at the middle of an empty cloth. Once; later calls do nothing. */
  lookFirst(): void {
    if (this.view.looked || !this.view.isShown || !this.replica.ready) return;
    const extent = this.scene.extent();
    if (extent === null) this.view.jump(this.#homeCorner());
    else this.view.begin(extent, this.scene.rect(this.reading()[0] ?? '') ?? extent, this.view.size_px.width < NARROW_PX ? FIRST_ZOOM_NARROW : FIRST_ZOOM);
  }

  // ---- making

  addNote(at?: Point, options: { readonly text?: string; readonly edit?: boolean } = {}): string | null {
    if (!this.replica.mayEdit) return null;
    if (options.text === undefined && this.unnamed({ beside: this.zoneUnder(at) })) return null;
    const middle = this.view.isShown ? this.view.middle : { x: 0, y: 0 };
    const size = NOTE_SIZES[this.craft.noteSize];
    const place = at === undefined ? freePlaceFor(this.scene, middle, size) : around(at, size);
    const [id = null] = this.replica.add([newNote(place, this.noteColour, options.text)]);
    return this.made(id, options.edit ?? true, t('board.added.note'));
  }

  /** The zone at a point of the board; of several, the smallest. */
  zoneUnder(at: Point | undefined): string | null {
    if (at === undefined) return null;
    const zones = this.scene.search({ ...at, w: 0, h: 0 }).filter((item) => item.kind === 'zone');
    return zones.sort((a, b) => a.rect.w * a.rect.h - b.rect.w * b.rect.h)[0]?.id ?? null;
  }

  addZone(rect?: Rect, options: { readonly edit?: boolean } = {}): string | null {
    if (!this.replica.mayEdit) return null;
    const middle = this.view.isShown ? this.view.middle : { x: 0, y: 0 };
    const [id = null] = this.replica.add([newZone(rect ?? around(middle, ZONE_SIZE))]);
    return this.made(id, options.edit ?? true, t('board.added.zone'));
  }

  /** Something new lies there: say so, choose it, and write in it if that is wanted. */
  made(id: string | null, edit: boolean, words: string): string | null {
    if (id === null) return null;
    this.tool = 'choose';
    this.announce(words);
    if (edit) this.edit(id);
    else this.focusElement(id);
    return id;
  }

  startConnector(from?: string): void {
    if (!this.replica.mayEdit) return;
    const start = from ?? [...this.selection].find((id) => this.canLink(id)) ?? null;
    this.stopEditing();
    this.tool = 'link';
    this.linkFrom = start;
    this.announce(t(start === null ? 'board.link.choose' : 'board.link.begun'));
  }

  /** Links join all but other links. */
  canLink(id: string): boolean {
    const item = this.scene.get(id);
    return item !== undefined && item.kind !== 'connector';
  }

  connect(from: string, to: string): string | null {
    const [a, b] = [this.scene.rect(from), this.scene.rect(to)];
    if (!this.replica.mayEdit || a === undefined || b === undefined || !this.canLink(from) || !this.canLink(to)) return null;
    if (from === to) {
      this.announce(t('board.link.self'));
      return null;
    }
    const [id = null] = this.replica.add([newConnector(from, to, a, b)]);
    const name = (one: string): string => calledShort(this.scene.get(one)?.element);
    this.tool = 'choose';
    this.linkFrom = null;
    if (id !== null) this.focusElement(id);
    this.announce(t('board.added.link', { from: name(from), to: name(to) }));
    return id;
  }

  endLink(): void {
    const wasLinking = this.tool === 'link' || this.linkFrom !== null;
    this.linkFrom = this.craft.bending = null;
    if (this.tool === 'link') this.tool = 'choose';
    if (wasLinking) this.announce(t('board.link.left'));
  }

  // ---- changing

  /** The chosen, or those named, that are on the board; lowest first. */
  items(ids: Iterable<string> = this.selection): Item[] {
    return [...ids].flatMap((id) => this.scene.get(id) ?? []).sort(compareItems);
  }

  recolour(colour: string, ids?: Iterable<string>): void {
    const takes = (item: Item): boolean => typeOf(item.kind).props.get('colour')?.accepts(colour) === true;
    const changes = this.arrange.holding.free(this.items(ids)).filter((item) => takes(item) && nameOf(item.element, 'colour') !== colour);
    if (this.setValues(new Map(changes.map((item) => [item.id, { colour }])))) this.announce(t('board.recoloured', { colour: colourName(colour) }));
  }

  /** Set the same properties on several things: one step of undo. Those that have a property so already are left as they are. */
  put(items: readonly Item[], values: Readonly<Record<string, Value>>): void {
    const differs = (item: Item): boolean => Object.entries(values).some(([name, value]) => item.element.prop(name) !== value);
    this.setValues(new Map(this.arrange.holding.free(items).filter(differs).map((item) => [item.id, { ...values }])));
  }

  setValues(changes: ReadonlyMap<string, Record<string, Value>>): boolean {
    if (changes.size === 0 || !this.replica.mayEdit) return false;
    this.replica.set(changes);
    return true;
  }

  setAside(why = '', ids: Iterable<string> = this.selection): void {
    const free = this.arrange.holding.free(this.items(ids)).map((item) => item.id);
    if (free.length === 0 || !this.replica.mayEdit) return;
    // One's own without a name goes as it came: later, and by nobody.
    const { anonymous } = this.replica;
    const unnamed = free.filter((id) => anonymous.isMine(id));
    for (const id of unnamed) anonymous.takeAway(id);
    if (unnamed.length > 0) this.announce(t('unnamed.asideSoon'));
    const gone = free.filter((id) => !unnamed.includes(id));
    if (gone.length === 0) return;
    const next = this.#order.neighbour(gone);
    this.editing = null;
    this.replica.setAside(gone, why);
    this.askFocus(next);
    this.#outward.offer(t('aside.done', { count: gone.length }), t('aside.undo'), () => this.bringBack(gone));
  }

  bringBack(ids: Iterable<string>): void {
    const back = [...ids].filter((id) => this.replica.view.elements.get(id)?.aside != null);
    if (back.length === 0 || !this.replica.mayEdit) return;
    this.replica.bringBack(back);
    const first = back[0];
    if (first !== undefined) this.focusElement(first);
    this.select(back);
    this.announce(t('margin.back'));
  }

  nudge(dx: number, dy: number): void {
    const items = this.arrange.carried(this.arrange.holding.free(this.items()));
    if (!this.moveTo(items.map((item) => [item, moved(item.rect, dx, dy)]))) return;
    this.announce(t(dx < 0 ? 'board.moved.left' : dx > 0 ? 'board.moved.right' : dy < 0 ? 'board.moved.up' : 'board.moved.down'));
    this.#revealChosen();
  }

  resizeBy(dw: number, dh: number): void {
    const parts = this.arrange.holding.free(this.items()).filter((item) => canResize(item.kind));
    const frame = union(parts.map((item) => item.rect));
    if (frame === null) return;
    const to = reframed(parts, frame, { ...frame, w: Math.max(1, frame.w + dw), h: Math.max(1, frame.h + dh) });
    const places = parts.flatMap((item): [Item, Rect][] => [[item, to.get(item.id) ?? item.rect]]);
    const now = union(places.map(([, rect]) => rect));
    if (this.moveTo(places) && now !== null) this.announce(t('board.resized', { width: Math.round(now.w), height: Math.round(now.h) }));
  }

  /** Put things where they are shown: one group, one step of undo. Answers whether anything changed. */
  moveTo(places: readonly (readonly [Item, Rect])[]): boolean {
    return this.setValues(placeChanges(places));
  }

  #revealChosen(): void {
    const frame = union([...this.selection].flatMap((id) => this.scene.rect(id) ?? []));
    if (frame !== null && this.view.isShown) this.view.reveal(frame);
  }

  order(where: Where): void {
    this.arrange.order(where);
  }

  undo(): void {
    this.#took(this.replica.mayEdit ? this.replica.undo() : null, t('board.undone'), t('board.undone.none'));
  }

  redo(): void {
    this.#took(this.replica.mayEdit ? this.replica.redo() : null, t('board.redone'), t('board.redone.none'));
  }

  #took(ids: string[] | null, done: string, nothing: string): void {
    this.announce(ids === null ? nothing : done);
    const there = ids?.filter((id) => this.scene.get(id) !== undefined) ?? [];
    if (there.length === 0 || this.editing !== null) return;
    this.select(there);
    this.#revealChosen();
  }

  // ---- reading

  reading(): readonly string[] {
    return this.#order.ids(this.only);
  }

  /** How many replies a thing has, as of the last reading. */
  repliesTo(id: string): number {
    return this.#order.repliesTo(id);
  }

  /** Whether an answer of `reading` still holds, without reading anew. */
  isRead(ids: readonly string[] | null): boolean {
    return this.#order.holds(ids);
  }

  describe(id: string): string {
    const element = this.replica.view.elements.get(id);
    if (element === undefined) return '';
    const held = this.arrange.holding.words(id);
    const name = called(element, (other) => this.replica.view.elements.get(other));
    return held === null ? name : `${name}, ${held}`;
  }

  bounds(id: string): Rect | null {
    return this.scene.rect(id) ?? null;
  }

  nameOf(author: string): string {
    return this.#outward.nameOf(author);
  }

  unnamed(wish: Unnamed, isAsked = false): boolean {
    return this.replica.mayEdit && this.#outward.unnamed?.(wish, isAsked) === true;
  }

  announce(text: string): void {
    this.#outward.announce(text);
  }

  /** Something that a person should see as well as hear, with what can be done about it. */
  /** Whether the room can be asked here. */
  get canPropose(): boolean {
    return this.#outward.propose !== undefined;
  }

  propose(act: 'clear' | 'removeimage', element: string): void {
    this.#outward.propose?.(act, element);
  }

  offer(text: string, label: string, act: () => void): void {
    this.#outward.offer(text, label, act);
  }

  get at(): readonly [number, number] | null {
    return this.#here.at ?? null;
  }

  say(here: Here): void {
    this.#here = { ...this.#here, ...here };
    if (!this.#isClosed) this.#said();
  }
}
