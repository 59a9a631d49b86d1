/**
 * Copy, cut, paste and duplicate on one board.
 *
 * The system's clipboard is reached by the page's own copy and paste events, which work on plain http (TRAPS 21). A press of a button
 * may copy, but no page may read the clipboard by itself: so what was copied here is also kept in this page's memory, and told to other
 * open pages of this browser, for the menu's "Paste". Nothing is kept on the device. Words from elsewhere that can't be pasted by
 * key come in through a box to paste into (PasteDialog).
 *
 * A paste is one step of undo, however many things it makes; what can't be read changes nothing and says so.
 */
import { language, t } from '../../i18n';
import { newId } from '../../sync/identity';
import type { NewElement } from '../../sync/interface';
import type { Desk } from '../arrange/desk';
import { contains, overlaps, union, type Point, type Rect } from '../geometry';
import { freePlace } from '../place';
import { keepCoordinate } from '../resize';
import type { Item } from '../scene';
import { copiedOf, frameOf, pastingOf, wholeOf } from './copying';
import { decode, encode, fromHtml, MOST_THINGS, toHtml, toPlain, type Copied } from './format';
import { ASK_ABOVE, asOne, cellRect, gridSize, MOST_NOTES, pastedFrom, type Pasted } from './words';

/** A copy that would lie on what it was copied from lies so far beside it. */
const BESIDE = 24;
const CHANNEL = 'tablecloth.copied';

/** What was copied last, in any open page of this browser; forgotten when they close. */
class Kept {
  #copied: Copied | null = null;
  #channel: BroadcastChannel | null = null;

  listen(): void {
    if (this.#channel !== null || typeof BroadcastChannel !== 'function') return;
    this.#channel = new BroadcastChannel(CHANNEL);
    // Another page of ours says it; it is read as carefully as anything.
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const copied = typeof data === 'string' ? decode(data) : null;
      if (copied !== null) this.#copied = copied;
    };
  }

  get now(): Copied | null {
    return this.#copied;
  }

  set now(copied: Copied | null) {
    this.#copied = copied;
    if (copied !== null) this.#channel?.postMessage(encode(copied));
  }
}

const kept = new Kept();

/** What takes pictures that were pasted; null where pictures can't be taken. */
export type PlacePictures = (files: readonly File[], at: Point) => void;

export class Clipboard {
  /** Words that would become many notes: the person is asked first. */
  asking: Pasted | null = $state.raw(null);
  /** The box to paste into is wanted. */
  isBoxOpen: boolean = $state(false);
  placePictures: PlacePictures | null = null;
  readonly #desk: Desk;
  readonly #colour: () => string;
  /** How often the same was pasted here, so that copies don't lie on each other. */
  #times = { copied: null as Copied | null, count: 0 };
  /** Where the question's answer goes. */
  #askedAt: Point | null = null;
  /** The browser asked back, by an event, for what a button's command means. */
  #wasAsked = false;

  constructor(desk: Desk, colour: () => string) {
    this.#desk = desk;
    this.#colour = colour;
  }

  /** Whether the menu's "Paste" has something. */
  get hasKept(): boolean {
    return kept.now !== null;
  }

  // ---- copying

  #copied(items: readonly Item[]): Copied | null {
    if (items.length === 0) {
      this.#desk.announce(t('copy.nothing'));
      return null;
    }
    if (items.length > MOST_THINGS) {
      this.#desk.announce(t('copy.tooMany', { most: MOST_THINGS }));
      return null;
    }
    return copiedOf(items, this.#desk.replica.info.title);
  }

  /** Copy what is chosen. With the event of a key, or of `document.execCommand`, it goes to the system's clipboard. */
  copy(event: ClipboardEvent | null, isCut = false): void {
    const items = wholeOf(this.#desk.scene, this.#desk.items());
    const copied = this.#copied(items);
    if (copied === null) return;
    kept.now = copied;
    this.#times = { copied: null, count: 0 };
    event?.clipboardData?.setData('text/html', toHtml(copied));
    event?.clipboardData?.setData('text/plain', toPlain(copied));
    event?.preventDefault();
    if (isCut && this.#desk.replica.mayEdit) this.#desk.setAside('', items.map((item) => item.id));
    else this.#desk.announce(t('copy.copied', { count: items.length }));
  }

  /** By a button: the old command makes the browser ask with a copy event, which `listen` answers. */
  press(what: 'copy' | 'cut'): void {
    this.#wasAsked = false;
    document.execCommand(what);
    // Where the command is not allowed it still can be pasted here.
    if (!this.#wasAsked) this.copy(null, what === 'cut');
  }

  // ---- pasting

  paste(event: ClipboardEvent): void {
    const data = event.clipboardData;
    if (data === null || !this.#desk.replica.mayEdit) return;
    const html = data.getData('text/html');
    const copied = fromHtml(html);
    const pictures = [...data.files].filter((one) => one.type.startsWith('image/'));
    event.preventDefault();
    if (copied !== null) this.pasteThings(copied);
    else if (pictures.length > 0 && this.placePictures !== null) this.placePictures(pictures, this.#target());
    else if (!this.pasteWords(html, data.getData('text/plain'))) this.#desk.announce(t('copy.unread'));
  }

  /** By the menu: what was copied here last; else the box to paste into. */
  pasteKept(at?: Point): void {
    if (kept.now === null) this.isBoxOpen = true;
    else this.pasteThings(kept.now, at);
  }

  /** The middle of what is pasted: my pointer, if it is over the cloth; else the middle of what I see. */
  #target(): Point {
    const { at, view } = this.#desk;
    if (at !== null) return { x: at[0], y: at[1] };
    return view.isShown ? view.middle : { x: 0, y: 0 };
  }

  /** At a place, or at my pointer; without one beside where it was, if that is seen; else in the middle of what I see. */
  pasteThings(copied: Copied, at?: Point): void {
    const frame = frameOf(copied);
    const middle = { x: frame.x + frame.w / 2, y: frame.y + frame.h / 2 };
    this.#times = { copied, count: this.#times.copied === copied ? this.#times.count + 1 : 1 };
    const { view } = this.#desk;
    const hasPointer = at !== undefined || this.#desk.at !== null;
    const isSeen = view.isShown && contains(view.area, middle);
    if (!hasPointer && isSeen) {
      this.#put(copied, BESIDE * this.#times.count, BESIDE * this.#times.count);
      return;
    }
    const to = at ?? this.#target();
    const beside = BESIDE * (this.#times.count - 1);
    this.#put(copied, Math.round(to.x - middle.x) + beside, Math.round(to.y - middle.y) + beside);
  }

  /** A second one of what is chosen, so far away; beside it if nothing is said. */
  duplicate(dx = BESIDE, dy = BESIDE, items: readonly Item[] = this.#desk.items()): void {
    const copied = this.#copied(wholeOf(this.#desk.scene, items));
    if (copied !== null) this.#put(copied, Math.round(dx), Math.round(dy));
  }

  #put(copied: Copied, dx: number, dy: number): void {
    if (!this.#desk.replica.mayEdit) return;
    const { elements, words, ink } = pastingOf(copied, dx, dy, newId);
    const ids = this.#made(elements, () => {
      if (words.size > 0) this.#desk.replica.set(new Map(), words);
      for (const { element, count, points } of ink) this.#desk.replica.extendInk(element, count, points);
    });
    if (ids.length === 0) return;
    const isFromElsewhere = copied.from !== '' && copied.from !== this.#desk.replica.info.title;
    this.#desk.announce(
      isFromElsewhere ? t('copy.pastedFrom', { count: ids.length, from: copied.from }) : t('copy.pasted', { count: ids.length }),
    );
  }

  /** New things as one step of undo, chosen and in view. */
  #made(elements: readonly NewElement[], more: () => void = () => {}): string[] {
    const { replica } = this.#desk;
    const ids = replica.together(() => {
      const made = replica.add(elements);
      more();
      return made;
    });
    this.#desk.select(ids);
    const [first] = ids;
    if (first === undefined) return ids;
    this.#desk.askFocus(first);
    const frame = union(ids.flatMap((id) => this.#desk.scene.rect(id) ?? []));
    if (frame !== null && this.#desk.view.isShown) this.#desk.view.reveal(frame);
    return ids;
  }

  // ---- words from elsewhere

  /** Answers whether there was anything in them. */
  pasteWords(html: string, plain: string): boolean {
    const pasted = pastedFrom(html, plain);
    if (pasted === null) return false;
    this.#askedAt = this.#target();
    if (pasted.notes.length > ASK_ABOVE) this.asking = pasted;
    else this.#write(pasted);
    return true;
  }

  /** How many notes go at once. */
  readonly most = MOST_NOTES;

  /** The person's answer to `asking`: so many notes, one, or none. */
  answer(how: 'many' | 'one' | 'none'): void {
    const pasted = this.asking;
    this.asking = null;
    if (pasted === null || how === 'none') return;
    if (how === 'many' && pasted.notes.length > MOST_NOTES) this.#desk.announce(t('copy.tooManyNotes', { most: MOST_NOTES }));
    else this.#write(how === 'one' ? asOne(pasted) : pasted);
  }

  #write(pasted: Pasted): void {
    const { direction } = language;
    const { w, h } = gridSize(pasted);
    const place = this.#freePlace(this.#askedAt ?? this.#target(), w, h);
    const elements = pasted.notes.map((note): NewElement => {
      const rect = cellRect(pasted, note, place, direction);
      const values = { x: keepCoordinate(rect.x), y: keepCoordinate(rect.y), w: rect.w, h: rect.h, colour: this.#colour() };
      return { type: 'note', values: note.isBold ? { ...values, bold: 1 } : values, text: note.text };
    });
    const ids = this.#made(elements);
    this.#desk.announce(t('copy.notes', { count: ids.length }));
  }

  #freePlace(middle: Point, w: number, h: number): Rect {
    const { scene } = this.#desk;
    const isTaken = (rect: Rect): boolean =>
      scene.search(rect).some((item) => item.kind !== 'zone' && overlaps(scene.rect(item.id) ?? item.rect, rect));
    return freePlace(middle, w, h, isTaken);
  }

  // ---- the page's events

  /** Hear the keys and commands of the page, while the board is shown. Answers how to stop. */
  listen(): () => void {
    kept.listen();
    const heard = (event: ClipboardEvent): void => {
      if (!isForBoard(event)) return;
      if (event.type === 'paste') this.paste(event);
      else if (this.#desk.selection.size > 0) {
        this.#wasAsked = true;
        this.copy(event, event.type === 'cut');
      }
    };
    const events = ['copy', 'cut', 'paste'] as const;
    for (const name of events) document.addEventListener(name, heard);
    return () => events.forEach((name) => document.removeEventListener(name, heard));
  }
}

/** Whoever writes, has words selected, or answers a question means those, and not the board. */
function isForBoard(event: ClipboardEvent): boolean {
  if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable]') != null) return false;
  return event.type === 'paste' || (document.getSelection()?.isCollapsed ?? true);
}
