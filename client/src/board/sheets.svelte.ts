/**
 * The frame: once a frame at most, camera, page and painted sheets are brought in step. While a hand zooms, page and sheets are only
 * stretched; when it rests they are made sharp.
 */
import type { BoardController } from './controller.svelte';
import { nextFrame, oncePerFrame } from './frames';
import type { Gestures } from './gestures.svelte';
import type { Others } from './others.svelte';
import { Painter, type Scenery } from './painter';
import { onTheme, readPalette, type Palette } from './palette';
import { nameOf } from './scene';
import type { Stage } from './stage.svelte';

const REST_MS = 130;

/** Where it all stands. `world` and `desk` are moved and scaled, the rest stays. */
export interface Places {
  readonly root: HTMLElement;
  readonly world: HTMLElement;
  readonly desk: HTMLElement;
  readonly under: HTMLCanvasElement;
  readonly glow: HTMLCanvasElement;
  readonly over: HTMLCanvasElement;
  readonly wet: HTMLCanvasElement;
}

export class Sheets {
  /** The zoom that letters are sharp at. */
  sharpZoom = $state(1);
  readonly #control: BoardController;
  readonly #stage: Stage;
  readonly #gestures: Gestures;
  readonly #others: Others;
  #places: Places | null = null;
  #painter: Painter | null = null;
  #palette: Palette | null = null;
  #leaveTheme: () => void = () => {};
  #isDirty = true;
  #isResting = true;
  #lastZoom = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(control: BoardController, stage: Stage, gestures: Gestures, others: Others) {
    this.#control = control;
    this.#stage = stage;
    this.#gestures = gestures;
    this.#others = others;
  }

  begin(places: Places): void {
    this.#places = places;
    this.#painter = new Painter(places.under, places.glow, places.over, places.wet);
    const repaint = (): void => {
      this.#palette = readPalette(places.root);
      this.#painter?.stale();
      this.frame();
    };
    repaint();
    this.#leaveTheme = onTheme(repaint);
    this.#control.craft.pictures.oncome = () => this.stale();
  }

  close(): void {
    clearTimeout(this.#restTimer);
    this.#leaveTheme();
    this.#painter = null;
  }

  /** Bring all in step with the next frame. */
  readonly frame = oncePerFrame(() => this.#frame());

  /** Things changed. */
  dirty(): void {
    this.#isDirty = true;
    this.frame();
  }

  /** What is painted must be painted anew. */
  stale(): void {
    this.#painter?.stale();
    this.dirty();
  }

  #frame(): void {
    const { view, scene } = this.#control;
    const [painter, palette, stage, gestures] = [this.#painter, this.#palette, this.#stage, this.#gestures];
    if (painter === null || palette === null || !view.isShown) return;
    const camera = view.camera;
    if (camera.zoom !== this.#lastZoom) this.#zoomed(camera.zoom);
    const scenery: Scenery = {
      scene,
      palette,
      isPainted: (id) => stage.hasHoles && !stage.isMounted(id),
      inHand: gestures.drawing?.id ?? null,
      erased: gestures.erased,
      picture: (asset) => this.#picture(asset),
    };
    const hadHoles = stage.hasHoles;
    let more: boolean;
    if (this.#isDirty) {
      this.#isDirty = false;
      painter.touched(this.#control.takeTouched(), scenery);
      more = stage.renew();
    } else more = stage.moved();
    // What is seen and not mounted is painted, and goes when it stands.
    if (hadHoles !== stage.hasHoles) painter.stale();
    const ratio = window.devicePixelRatio;
    painter.paint(camera, view.area, scenery, ratio, this.#isResting, stage.origin);
    painter.paintWet(camera, view.size_px, ratio, gestures.drawing, this.#others.strokes, palette, (id) => this.#tipOf(id));
    this.follow();
    if (more) this.frame();
  }

  #tipOf(id: string): string {
    const item = this.#control.scene.get(id);
    return item === undefined ? 'pen' : nameOf(item.element, 'tip');
  }

  /** What is painted from far is fetched as what stands near. */
  #picture(asset: string): HTMLImageElement | null {
    const { pictures } = this.#control.craft;
    pictures.want(asset);
    return pictures.image(asset);
  }

  /** The world goes with the camera at once: this costs nothing, and a flight must not skip every second frame. */
  follow(): void {
    if (this.#places === null) return;
    const { x, y, zoom } = this.#control.view.camera;
    const { origin } = this.#stage;
    const [dx, dy] = [(origin.x - x) * zoom, (origin.y - y) * zoom];
    const { world, desk } = this.#places;
    const transform = `translate(${dx}px, ${dy}px) scale(${zoom})`;
    world.style.transform = transform;
    // It is no layer of its own, so moving it costs a frame much; mostly nothing stands on it.
    if (this.#control.editing !== null) desk.style.transform = transform;
  }

  #zoomed(zoom: number): void {
    const isFirst = this.#lastZoom === 0;
    this.#lastZoom = zoom;
    if (isFirst) {
      this.sharpZoom = zoom;
      return;
    }
    this.#isResting = false;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#rest(), REST_MS);
  }

  /** A layer of its own keeps the sharpness it was made with: for one frame the world has none. */
  #rest(): void {
    const style = this.#places?.world.style;
    if (style === undefined) return;
    this.#isResting = true;
    this.sharpZoom = this.#control.view.camera.zoom;
    style.willChange = 'auto';
    this.frame();
    nextFrame(() => nextFrame(() => (style.willChange = 'transform')));
  }
}
