/**
 * What is made on the cloth besides notes and zones: shapes, lines, links with free ends, pictures; what a held stroke becomes; the
 * boxes that are ticked and the addresses that are opened. The controller's right hand: each verb that changes the board is one
 * step of undo.
 */
import type { Value } from '../core/edits';
import { t } from '../i18n';
import type { BoardReplica, NewElement } from '../sync/interface';
import type { Form } from './forms';
import { centre, type Point, type Rect } from './geometry';
import { addressesOf, boxesOf } from './lines';
import { around, freePlaceFor, newLine, newNote, newPicture, NOTE_SIZES, newShape, PICTURE_SIZE, SHAPE_SIZE, type NoteSize } from './making';
import { calledShort, formName } from './naming';
import { Pictures } from './pictures.svelte';
import { levelled, type Meant } from './recognise';
import { nameOf, type Item, type Scene } from './scene';
import { toCodePoints } from './splice';
import type { Pen, Tool } from './tools';
import type { View } from './view.svelte';

/** What the shape tool makes. */
export type Making = Form | 'line';
export const MAKINGS: readonly Making[] = ['rectangle', 'ellipse', 'diamond', 'triangle', 'line'];

export function makingName(making: Making): string {
  return making === 'line' ? t('sentence.line') : formName(making);
}

/** Which end of a connector. */
export type EndName = 'from' | 'to';

/** Where pictures are kept (sync/images.ts). */
export interface PictureStore {
  /** Keeps the bytes; answers under which hash, and the size in pixels. Throws if they can't be kept now, or at all. */
  putImage(bytes: Blob): Promise<{ readonly asset: string; readonly w: number; readonly h: number }>;
  /** An address of the bytes. Throws if they can't be had just now. */
  imageUrl(asset: string): Promise<string>;
  /** Puts a picture on a board though nobody can take its bytes just now: they follow by themselves. Null when looking only. */
  placeImage?(replica: BoardReplica, bytes: Blob, where: Rect): string | null;
  /** What waits on this device for an element. */
  waitingUrl?(element: string): string | null;
}

/** Between a thing and its answer, in board units: room for the line that joins them. */
const ANSWER_GAP = 40;

/** How a picture that has no bytes at the server yet is called here. */
export function waitingName(element: string): string {
  return `waiting ${element}`;
}

/** What making things needs of the board's control. */
export interface Workbench {
  readonly replica: BoardReplica;
  readonly scene: Scene;
  readonly view: View;
  readonly noteColour: string;
  readonly tool: Tool;
  linkFrom: string | null;
  setTool(tool: Tool): void;
  select(ids: Iterable<string>): void;
  focusElement(id: string, options?: { readonly edit?: boolean }): void;
  canLink(id: string): boolean;
  /** Choose what was made and say so, or write in it. */
  made(id: string | null, edit: boolean, words: string): string | null;
  announce(text: string): void;
  offer(text: string, label: string, act: () => void): void;
}

export class Craft {
  /** What the shape tool makes next, in which colours. */
  making: Making = $state('rectangle');
  colour = $state('ink');
  noteSize: NoteSize = $state('medium');
  fill = $state('none');
  /** An end of a connector that looks for what it is bound to (by keys and taps). */
  bending: { readonly id: string; readonly end: EndName } | null = $state.raw(null);
  /** A picture that has just been put down, and asks for words. */
  asking: string | null = $state(null);
  store: PictureStore | null = null;
  readonly pictures = new Pictures((asset) => {
    if (this.store === null) throw new Error('no store of pictures');
    const [, element] = /^waiting (.+)$/.exec(asset) ?? [];
    if (element === undefined) return this.store.imageUrl(asset);
    const waiting = this.store.waitingUrl?.(element) ?? null;
    return waiting === null ? Promise.reject(new Error('nothing waits')) : Promise.resolve(waiting);
  });
  readonly #control: Workbench;

  constructor(control: Workbench) {
    this.#control = control;
  }

  // ---- shapes and lines

  /** Take the shape tool for one of the forms, or for a line. */
  choose(making: Making): void {
    this.making = making;
    this.#control.setTool('shape');
    if (this.#control.tool === 'shape') this.#control.announce(t('draw.shape.begun', { form: makingName(making) }));
  }

  /** A shape in a rectangle; of the usual size around a point, or at the nearest free place to the middle of the view. */
  addShape(place?: Rect | Point, options: { readonly edit?: boolean } = {}): string | null {
    const control = this.#control;
    if (!control.replica.mayEdit) return null;
    if (this.making === 'line') return this.#lineAt(place === undefined ? null : 'w' in place ? centre(place) : place);
    const rect =
      place === undefined ? freePlaceFor(control.scene, control.view.isShown ? control.view.middle : { x: 0, y: 0 }, SHAPE_SIZE) : 'w' in place ? place : around(place, SHAPE_SIZE);
    const [id = null] = control.replica.add([newShape(rect, this.making, { colour: this.colour, fill: this.fill })]);
    return control.made(id, options.edit ?? true, t('draw.added.shape', { form: makingName(this.making) }));
  }

  /** A note that answers a thing, at the nearest free place under it. Null where nothing can be answered. */
  answer(id: string): string | null {
    const control = this.#control;
    const to = control.scene.rect(id);
    if (to === undefined || !this.canAnswer(id) || !control.replica.mayEdit) return null;
    const size = NOTE_SIZES[this.noteSize];
    const under = { x: to.x + to.w / 2, y: to.y + to.h + ANSWER_GAP + size.h / 2 };
    const { type, values } = newNote(freePlaceFor(control.scene, under, size), control.noteColour);
    const [made = null] = control.replica.add([{ type, values: { ...values, re: id } }]);
    return control.made(made, true, t('outline.added.reply', { what: calledShort(control.replica.view.elements.get(id)) }));
  }

  canAnswer(id: string): boolean {
    const kind = this.#control.scene.get(id)?.kind;
    return kind === 'note' || kind === 'shape' || kind === 'image';
  }

  #lineAt(at: Point | null): string | null {
    const middle = at ?? (this.#control.view.isShown ? this.#control.view.middle : { x: 0, y: 0 });
    return this.addLine({ x: middle.x - 100, y: middle.y }, { x: middle.x + 100, y: middle.y }, 'none');
  }

  /** A line or an arrow between things and points. */
  addLine(from: string | Point, to: string | Point, head: 'none' | 'end'): string | null {
    const control = this.#control;
    if (!control.replica.mayEdit || from === to) return null;
    const fresh = newLine(this.#end(from), this.#end(to), {
      head,
      route: head === 'none' ? 'straight' : 'curve',
      ...(control.tool === 'shape' ? { colour: this.colour } : {}),
    });
    const [id = null] = control.replica.add([fresh]);
    control.linkFrom = null;
    return control.made(id, false, t(head === 'none' ? 'draw.added.line' : 'draw.added.arrow'));
  }

  #end(end: string | Point): { readonly id: string; readonly at: Point } {
    if (typeof end !== 'string') return { id: '', at: end };
    const rect = this.#control.scene.rect(end);
    return { id: end, at: rect === undefined ? { x: 0, y: 0 } : centre(rect) };
  }

  // ---- ends of connectors

  /** Bind an end to a thing, or leave it at a point. */
  setEnd(id: string, end: EndName, to: string | Point): boolean {
    const control = this.#control;
    const item = control.scene.get(id);
    if (item?.kind !== 'connector' || !control.replica.mayEdit) return false;
    const other = nameOf(item.element, end === 'from' ? 'to' : 'from');
    if (typeof to === 'string' && (to === other || !control.canLink(to))) {
      control.announce(t('board.link.self'));
      return false;
    }
    const { id: bound, at } = this.#end(to);
    const [x, y] = [Math.round(at.x), Math.round(at.y)];
    const place: Record<string, Value> = end === 'from' ? { from: bound, x, y } : { to: bound, x2: x, y2: y };
    control.replica.set(new Map([[id, place]]));
    control.announce(bound === '' ? t('draw.end.free') : t('draw.end.bound', { what: calledShort(control.scene.get(bound)?.element) }));
    return true;
  }

  /** The same by keys and taps: the end goes to what is chosen next. */
  bend(id: string, end: EndName): void {
    const control = this.#control;
    if (control.scene.get(id)?.kind !== 'connector' || !control.replica.mayEdit) return;
    control.setTool('link');
    this.bending = { id, end };
    const element = control.scene.get(id)?.element;
    const other = element === undefined ? '' : nameOf(element, end === 'from' ? 'to' : 'from');
    control.linkFrom = control.scene.get(other) === undefined ? null : other;
    control.announce(t(end === 'from' ? 'draw.end.from' : 'draw.end.to'));
  }

  /** A thing, or a place of the bare cloth, was chosen for the end that looks for one. Answers whether one did. */
  bent(to: string | Point): boolean {
    const { bending } = this;
    const control = this.#control;
    if (bending === null) return false;
    if (!this.setEnd(bending.id, bending.end, to)) return true;
    this.bending = null;
    control.linkFrom = null;
    control.setTool('choose');
    control.focusElement(bending.id);
    return true;
  }

  // ---- held strokes

  /** What a held stroke was meant to be takes its place; one undo brings the stroke back. */
  straighten(stroke: string, pen: Pen, meant: Meant): void {
    const { replica } = this.#control;
    const fresh = meantElement(pen, meant);
    replica.together(() => {
      replica.add([fresh]);
      replica.setAside([stroke]);
    });
    this.#control.announce(t('draw.held', { form: makingName(meant.kind) }));
  }

  // ---- words that do something

  /** Tick a box, or take the tick away: the one named, else the next open one, else the first. Answers whether there was one. */
  tick(id: string, index?: number): boolean {
    const { replica, scene, announce } = this.#control;
    const words = scene.get(id)?.element.text() ?? '';
    const boxes = boxesOf(words);
    const box = boxes[index ?? Math.max(0, boxes.findIndex((one) => !one.isDone))];
    if (box === undefined || !replica.mayEdit) return false;
    replica.type(id, 'text', toCodePoints(words, box.at), 1, box.isDone ? ' ' : 'x');
    announce.call(this.#control, t(box.isDone ? 'draw.box.open' : 'draw.box.done', { words: box.words }));
    return true;
  }

  /** The addresses in a thing's words. */
  addresses(item: Item): readonly string[] {
    return item.kind === 'ink' || item.kind === 'image' ? [] : addressesOf(item.element.text());
  }

  /** Only ever because somebody asked for it: a new page that knows nothing of this one. */
  open(href: string): void {
    window.open(href, '_blank', 'noopener,noreferrer');
  }

  // ---- pictures

  /**
   * Put pictures on the cloth, side by side around a point (else at the middle of the view): at once as they are on this device, then
   * as the store keeps them. Answers the ids that were made; what can't be kept is told, and makes nothing.
   */
  async placePictures(files: readonly Blob[], at?: Point): Promise<string[]> {
    const control = this.#control;
    if (!control.replica.mayEdit || this.store === null) return [];
    const made: string[] = [];
    let from = at ?? (control.view.isShown ? control.view.middle : { x: 0, y: 0 });
    control.announce(t('draw.picture.sending', { count: files.length }));
    for (const file of files) {
      try {
        const { asset, w, h } = await this.store.putImage(file);
        await this.pictures.keep(asset, file);
        const size = pictureSize(w, h);
        const [id] = control.replica.add([newPicture(around(from, size), asset)]);
        if (id === undefined) continue;
        made.push(id);
        from = { x: from.x + size.w + 40, y: from.y };
      } catch (trouble) {
        const id = isAway(trouble) ? await this.#placeWaiting(file, from) : null;
        if (id !== null) {
          made.push(id);
          from = { x: from.x + PICTURE_SIZE.w + 40, y: from.y };
          continue;
        }
        control.offer(t(tooLarge(trouble) ? 'draw.picture.large' : 'draw.picture.no'), t('draw.picture.again'), () => void this.placePictures([file], at));
      }
    }
    const [first] = made;
    if (first === undefined) return made;
    control.made(first, false, t('draw.added.picture'));
    control.select(made);
    this.asking = first;
    return made;
  }

  /** Put a picture down whose bytes wait on this device. Null if this device can't read it, or nothing may be put down. */
  async #placeWaiting(file: Blob, at: Point): Promise<string | null> {
    const { replica } = this.#control;
    try {
      const bitmap = await createImageBitmap(file);
      const rect = around(at, pictureSize(bitmap.width, bitmap.height));
      bitmap.close();
      const whole = { x: Math.round(rect.x), y: Math.round(rect.y), w: rect.w, h: rect.h };
      const id = this.store?.placeImage?.(replica, file, whole) ?? null;
      if (id !== null) await this.pictures.keep(waitingName(id), file);
      return id;
    } catch {
      return null;
    }
  }

  /** Words for a picture or a drawing; "" takes them away. */
  describe(id: string, words: string): void {
    this.#control.replica.set(new Map(), new Map([[id, { alt: words.trim() }]]));
  }
}

function tooLarge(trouble: unknown): boolean {
  return trouble instanceof Error && /(^|[.])(too-large|picture-large)$/.test(trouble.message);
}

function isAway(trouble: unknown): boolean {
  return trouble instanceof Error && trouble.message === 'told.away';
}

/** As large as its pixels, but no larger than what one can look at among notes. */
function pictureSize(w: number, h: number): { readonly w: number; readonly h: number } {
  const by = Math.min(1, PICTURE_SIZE.w / Math.max(1, w), PICTURE_SIZE.h / Math.max(1, h));
  return { w: Math.max(24, Math.round(w * by)), h: Math.max(24, Math.round(h * by)) };
}

function meantElement(pen: Pen, meant: Meant): NewElement {
  if (meant.kind !== 'line') return newShape(meant.rect, meant.kind, { colour: pen.colour, fill: 'none', width: pen.width });
  const to = levelled(meant.from, meant.to);
  return newLine({ id: '', at: meant.from }, { id: '', at: to }, { head: 'none', route: 'straight', colour: pen.colour, width: pen.width });
}
