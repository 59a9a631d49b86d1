/**
 * The others at one board, as far as one does something with them: look along, point with a laser, ask to look, react.
 *
 * It joins the pure modules of this folder with presence and with the view. What others do never moves my view but when I look along with
 * somebody, and then any pan or zoom of my own ends it. Sentences go to the polite live region; many at once are summed up. Nothing of it is
 * logged.
 */
import { t, tList } from '../../i18n';
import type { BoardReplica, Here, Reaction } from '../../sync/interface';
import { isStill } from '../../ui/modes';
import { seen as areaOf } from '../camera';
import { nextFrame } from '../frames';
import { grow, union, type Point, type Rect } from '../geometry';
import type { Scene } from '../scene';
import type { View } from '../view.svelte';
import { approach, cameraOn, followersOf, followings, latestView, leads, yields } from './follow';
import { Offers, PAUSE_MS, whatIsThere, type Offer } from './look';
import { Reactions, Summing, type Floating } from './reactions';

/** What it needs of the board's controller. */
export interface Host {
  readonly replica: Pick<BoardReplica, 'around' | 'subscribe'>;
  readonly me: string;
  readonly view: View;
  readonly scene: Scene;
  readonly selection: ReadonlySet<string>;
  setTool(tool: 'choose'): void;
  say(here: Here): void;
  announce(text: string): void;
  describe(id: string): string;
  nameOf(author: string): string;
  focusElement(id: string): void;
}

/** A key press, as far as it counts here. */
export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const GLIDE_MS = 110;
/** Somebody whose connection blinks has not left. */
const LEFT_MS = 4_000;
/** A moment is said, and taken back once it is surely on its way (sync/interface.ts, `Here`). */
const SAID_MS = 150;
const REACT_PAUSE_MS = 350;
const TELL_MS = 4_000;
const NOTE_MS = 5_000;
const VIEW_MS = 120;
/** A place that somebody points out has this much around it, in board units. */
const PLACE = 240;
const DOT_STEP_PX = 24;
const DOT_FINE_PX = 6;
const EDGE_PX = 48;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Company {
  /** Whom I look along with. */
  following: string | null = $state(null);
  /** They are here, but their board is not on their screen just now. */
  isWaiting = $state(false);
  /** Who looks along with me. */
  followers: readonly string[] = $state.raw([]);
  offers: readonly Offer[] = $state.raw([]);
  floating: readonly Floating[] = $state.raw([]);
  /** My cursor is a laser. */
  isPointing = $state(false);
  /** Where my laser is, in board units; null: nowhere yet. */
  dot: Point | null = $state.raw(null);
  /** What was just done, for those who look and don't listen. */
  note = $state('');
  /** Nothing that moves by itself, no cursors; words only. */
  isCalm = $state(false);
  /** Whether I want to be told of what others do, and to be asked to look. */
  isToldOf = true;
  isAsked = true;
  /** The tray of reactions was asked for by key. */
  onreact: () => void = () => undefined;

  readonly #host: Host;
  readonly #leave: () => void;
  readonly #reactions = new Reactions();
  readonly #summing = new Summing();
  readonly #offers = new Offers();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #reactedAt = -Infinity;
  #askedAt = -Infinity;
  #isGliding = false;
  #last = 0;
  #saw: Rect | null = null;

  constructor(host: Host) {
    this.#host = host;
    this.#leave = host.replica.subscribe((event) => {
      if (event.kind === 'presence') this.#heard();
    });
    host.view.onmove = () => this.stop();
  }

  close(): void {
    this.#leave();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Once, after a while, unless it waits already. */
  #later(name: string, ms: number, act: () => void): void {
    if (this.#timers.has(name)) return;
    const run = (): void => {
      this.#timers.delete(name);
      act();
    };
    this.#timers.set(name, setTimeout(run, ms));
  }

  #forget(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  #tell(text: string): void {
    this.#host.announce(text);
    this.note = text;
    this.#forget('note');
    this.#later('note', NOTE_MS, () => (this.note = ''));
  }

  #names(authors: readonly string[]): string {
    return tList(authors.map((author) => this.#host.nameOf(author)));
  }

  // ---- presence

  #heard(): void {
    const around = [...this.#host.replica.around.values()];
    const now = performance.now();
    this.#hearFollowing();
    const followers = followersOf(this.#host.me, around);
    if (followers.join(' ') !== this.followers.join(' ')) {
      const fresh = followers.filter((author) => !this.followers.includes(author));
      this.followers = followers;
      if (fresh.length > 0) this.#host.announce(t('around.follow.by', { names: this.#names(fresh) }));
    }
    const fresh = this.#reactions.see(around, now);
    for (const one of fresh) this.#summing.add(one);
    if (fresh.length > 0) this.#later('sum', TELL_MS, () => this.#sumUp());
    if (this.#offers.see(around, this.#host.me, now)) this.#offered();
    this.#pass();
  }

  /** What lasts only for a while: as of now, and again when the next of it ends. */
  #pass(): void {
    const now = performance.now();
    const floating = this.#reactions.at(now);
    if (floating !== this.floating) this.floating = floating;
    const offers = this.isAsked ? this.#offers.at(now) : [];
    if (offers.length > 0 || this.offers.length > 0) this.offers = offers;
    if (floating.length > 0 || offers.length > 0) this.#later('pass', 250, () => this.#pass());
  }

  // ---- looking along

  /** Look along with somebody. Answers whether it began; not with those who already look along with me. */
  follow(author: string): boolean {
    const { replica, me } = this.#host;
    if (author === me) return false;
    if (leads(followings(replica.around.values()), author, me)) {
      this.#tell(t('around.follow.ring', { name: this.#host.nameOf(author) }));
      return false;
    }
    this.following = author;
    this.#host.say({ follow: author });
    this.#host.announce(t('around.follow.begun', { name: this.#host.nameOf(author) }));
    this.#hearFollowing();
    return true;
  }

  /** Look for oneself again. Harmless if one does. */
  stop(words = 'around.follow.own' as 'around.follow.own' | 'around.follow.left' | 'around.follow.ring'): void {
    if (this.following === null) return;
    const name = this.#host.nameOf(this.following);
    this.following = null;
    this.isWaiting = false;
    this.#forget('left');
    this.#host.say({ follow: '' });
    this.#tell(t(words, { name }));
  }

  /** Look along with somebody, or no longer, as their name at their cursor is pressed. */
  turnTo(author: string): void {
    if (this.following === author) this.stop();
    else this.follow(author);
  }

  #hearFollowing(): void {
    const { replica, me } = this.#host;
    const leader = this.following;
    if (leader === null) return;
    const around = [...replica.around.values()];
    if (!around.some(({ author }) => author === leader)) {
      this.#later('left', LEFT_MS, () => this.stop('around.follow.left'));
      return;
    }
    this.#forget('left');
    if (yields(followings(around).set(me, leader), me, leader)) {
      this.stop('around.follow.ring');
      return;
    }
    this.isWaiting = !latestView(around, me).has(leader);
    this.glide();
  }

  /** Go on to where the other looks: they moved, or my own screen changed. */
  glide(): void {
    if (this.following === null || this.#isGliding) return;
    this.#isGliding = true;
    this.#last = 0;
    nextFrame(this.#step);
  }

  readonly #step = (now: number): void => {
    const { view, replica, me } = this.#host;
    const passed = this.#last === 0 ? 16 : Math.min(100, now - this.#last);
    this.#last = now;
    const seen = this.following === null ? undefined : latestView(replica.around.values(), me).get(this.following);
    if (seen === undefined || !view.isShown) {
      this.#isGliding = false;
      return;
    }
    const to = cameraOn(seen, view.size_px);
    const share = isStill() || this.isCalm ? 1 : 1 - Math.exp(-passed / GLIDE_MS);
    const next = approach(view.camera, to, share, view.size_px);
    const { x, y, zoom } = view.camera;
    if (next.x !== x || next.y !== y || next.zoom !== zoom) view.lead(next);
    this.#isGliding = next !== to;
    if (this.#isGliding) nextFrame(this.#step);
  };

  /** The part of the board on my screen; null: none. Others hear of it a few times a second. */
  see(area: Rect | null): void {
    this.#saw = area;
    this.#later('view', VIEW_MS, () => {
      const saw = this.#saw;
      this.#host.say({ view: saw === null ? null : [Math.round(saw.x), Math.round(saw.y), Math.ceil(saw.w), Math.ceil(saw.h)] });
    });
  }

  /** Go to where somebody points, or looks, once. Answers whether that is known. */
  goTo(author: string): boolean {
    const { replica, view, me } = this.#host;
    const around = [...replica.around.values()];
    const pointing = around.find((one) => one.author === author && one.at !== null)?.at;
    const seen = latestView(around, me).get(author);
    if (pointing == null && seen === undefined) {
      this.#tell(t('around.people.nowhere', { name: this.#host.nameOf(author) }));
      return false;
    }
    if (seen !== undefined) view.fit(seen);
    else if (pointing != null) view.panTo({ x: pointing[0], y: pointing[1] });
    return true;
  }

  // ---- the laser

  point(on: boolean): void {
    if (this.isPointing === on) return;
    if (on) this.#host.setTool('choose');
    this.isPointing = on;
    this.dot = null;
    this.#host.say({ laser: on, ...(on ? {} : { at: null }) });
    this.#tell(t(on ? 'around.laser.on' : 'around.laser.off'));
  }

  /** My laser is there now; null: nowhere. */
  pointAt(at: Point | null): void {
    if (!this.isPointing) return;
    this.dot = at;
    this.#host.say({ at: at === null ? null : [Math.round(at.x), Math.round(at.y)], laser: true });
  }

  #pointBy(dx: number, dy: number): void {
    const { view } = this.#host;
    const zoom = view.camera.zoom;
    const from = this.dot ?? view.middle;
    const to = this.dot === null ? from : { x: from.x + dx / zoom, y: from.y + dy / zoom };
    const px = view.toScreen(to);
    const { width, height } = view.open_px;
    const over = (at: number, room: number): number => (at < EDGE_PX ? at - EDGE_PX : at > room - EDGE_PX ? at - room + EDGE_PX : 0);
    const [x, y] = [over(px.x, width), over(px.y, height)];
    if (x !== 0 || y !== 0) view.panBy_px(x, y);
    this.pointAt(to);
  }

  /** One key answers who asks to look, before it means anything else. Answers whether it was taken. */
  answer(event: Pressed): boolean {
    const offer = this.offers[0];
    if (offer === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'Escape') this.decline(offer.key);
    else if (event.key.toLowerCase() === 'g') this.accept(offer.key);
    else return false;
    return true;
  }

  /** A key on the cloth. Answers whether it was taken. */
  press(event: Pressed): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key.toLowerCase()) {
      case 'p':
        this.point(!this.isPointing);
        return true;
      case '!':
        this.ask();
        return true;
      case ':':
        this.onreact();
        return true;
    }
    if (!this.isPointing) return false;
    const arrow = ARROWS[event.key];
    if (event.key === 'Escape') this.point(false);
    else if (arrow === undefined) return false;
    else {
      const step = event.shiftKey ? DOT_FINE_PX : DOT_STEP_PX;
      this.#pointBy(arrow[0] * step, arrow[1] * step);
    }
    return true;
  }

  // ---- please look here

  /** Ask everybody to look at what is chosen, else at a place, else at what I see. Answers whether it was asked: not twice within a while. */
  ask(at?: Point): boolean {
    const { scene, selection, view } = this.#host;
    const now = performance.now();
    if (now - this.#askedAt < PAUSE_MS) {
      this.#tell(t('around.look.soon'));
      return false;
    }
    const chosen = union([...selection].flatMap((id) => scene.rect(id) ?? []));
    const place = at === undefined ? null : grow({ ...at, w: 0, h: 0 }, PLACE);
    const rect = chosen ?? place ?? (view.isShown ? areaOf(view.camera, view.open_px) : null);
    if (rect === null) return false;
    this.#askedAt = now;
    this.#host.say({ look: [Math.round(rect.x), Math.round(rect.y), Math.ceil(rect.w), Math.ceil(rect.h)] });
    this.#later('asked', SAID_MS, () => this.#host.say({ look: null }));
    this.#tell(t('around.look.asked'));
    return true;
  }

  #offered(): void {
    if (!this.isAsked) {
      this.#offers.clear();
      return;
    }
    const offer = this.#offers.at(performance.now()).at(-1);
    if (offer !== undefined) this.#host.announce(`${this.wordsOf(offer)} ${t('around.look.keys')}`);
  }

  /** Who asks, and what is there, in words. */
  wordsOf(offer: Offer): string {
    return t('around.look.offer', { name: this.#host.nameOf(offer.author), what: this.#whatIs(offer.rect) });
  }

  #whatIs(rect: Rect): string {
    const { scene } = this.#host;
    const what = whatIsThere(rect, scene.search(rect));
    switch (what.kind) {
      case 'nothing':
        return t('around.look.nothing');
      case 'one':
        return this.#host.describe(what.id);
      case 'zone':
        return t('around.look.zone', { zone: this.#host.describe(what.id), count: what.count });
      case 'some':
        return t('around.look.some', { first: this.#host.describe(what.first), count: what.count });
    }
  }

  /** Go and look. */
  accept(key: string): void {
    const { view, scene } = this.#host;
    const offer = this.offers.find((one) => one.key === key);
    this.decline(key);
    if (offer === undefined) return;
    view.fit(offer.rect);
    const what = whatIsThere(offer.rect, scene.search(offer.rect));
    if (what.kind === 'one') this.#host.focusElement(what.id);
  }

  /** Stay where one is. Nobody is told. */
  decline(key: string): void {
    this.#offers.answer(key);
    this.#pass();
  }

  // ---- reactions

  /** React at the one thing that is chosen, else where I point. */
  react(name: Reaction): void {
    const now = performance.now();
    if (now - this.#reactedAt < REACT_PAUSE_MS) return;
    this.#reactedAt = now;
    const { selection, view, me } = this.#host;
    const [chosen] = selection;
    const element = selection.size === 1 && chosen !== undefined ? chosen : '';
    this.#host.say({ react: [name, element] });
    this.#later('reacted', SAID_MS, () => this.#host.say({ react: null }));
    const at = view.isShown ? view.middle : null;
    this.#reactions.mine(me, name, element, at === null ? null : [at.x, at.y], now);
    this.#host.announce(t('around.react.mine', { reaction: t(`around.react.${name}`) }));
    this.#pass();
  }

  #sumUp(): void {
    const sums = this.#summing.take();
    if (!this.isToldOf) return;
    const words = sums.slice(0, 3).map(({ name, element, authors }) => {
      const said = { names: this.#names(authors), reaction: t(`around.react.${name}`) };
      const what = element === '' ? '' : this.#host.describe(element);
      return what === '' ? t('around.react.told', said) : t('around.react.toldAt', { ...said, what });
    });
    this.#host.announce(words.join(' '));
  }

  /** Where a reaction floats, in board units: at its thing, else where they point, else in the middle of what they see. */
  placeOf({ element, at, who }: Floating): Point | null {
    const rect = element === '' ? undefined : this.#host.scene.rect(element);
    if (rect !== undefined) return { x: rect.x + rect.w * 0.8, y: rect.y };
    if (at !== null) return { x: at[0], y: at[1] };
    const seen = this.#host.replica.around.get(who)?.view;
    return seen == null ? null : { x: seen[0] + seen[2] / 2, y: seen[1] + seen[3] / 2 };
  }
}
