/**
 * What shell, outline and canvas share of one open board: tool, selection, what is being written, camera, and the verbs.
 *
 * `BoardController` (controller.svelte.ts) is the one implementation; everything here that is not a method is a rune, so
 * reading it in a component or an effect keeps that up to date. The document itself stays in `replica`; nothing here is
 * sent or kept but through its verbs. Lengths are board units unless a name ends in `_px`; `camera.x, camera.y` is the
 * board point at the surface's top left corner, `camera.zoom` is CSS pixels per board unit.
 *
 *     const control = new BoardController(replica, { me: space.author, nameOf, announce, offer });
 *     <BoardCanvas {control} />                 // the canvas, fills its parent
 *     <TextEditor {control} element label />   // the same writing surface, in a list
 *     control.close()                           // when the board is left
 *
 * Who has no right to write (`replica.mayEdit` false) may call every verb; those that would write do nothing.
 */
import type { BoardReplica, Here } from '../sync/interface';
import type { Craft } from './craft.svelte';
import type { Camera, Point, Rect } from './geometry';
import type { Pen, Tool } from './tools';

export { TIPS, TOOLS, type Pen, type Tip, type Tool } from './tools';

export interface Editing {
  readonly element: string;
  readonly field: string;
}

export type Where = 'front' | 'back' | 'forward' | 'backward';

/** What is to be written without a name: beside what (a zone, or with `answers` the note that it replies to), or one's own anew. */
export interface Unnamed {
  readonly beside?: string | null;
  readonly answers?: boolean;
  readonly element?: string;
}

/** How a board speaks to the person: the shell shows and reads these out. Both get finished sentences. */
export interface Outward {
  /** My pseudonym. */
  readonly me: string;
  /** What somebody is called: the name they chose, else "Somebody". Reads runes, so flags follow a new name. */
  nameOf(author: string): string;
  /** Something that happened, for a polite live region. */
  announce(text: string): void;
  /** Something that happened and can be taken back by one press, e.g. "Set aside." with "Bring back". */
  offer(text: string, label: string, act: () => void): void;
  /** A sheet to write without a name. `isAsked`: this once, whatever the switch says. Answers whether it opened. */
  unnamed?(wish: Unnamed, isAsked: boolean): boolean;
  /** Ask the room about a thing: to clear a zone, or to take a picture away. Opens a sheet; absent where there is no room to ask. */
  propose?(act: 'clear' | 'removeimage', element: string): void;
}

export interface BoardControl {
  readonly replica: BoardReplica;
  /** My pseudonym. */
  readonly me: string;

  // ---- state (runes)
  readonly tool: Tool;
  /** Ids that are on the board and not in the margin, in the order in which they were chosen. */
  readonly selection: ReadonlySet<string>;
  /** Which field is being written on the canvas; the phone's list keeps its own. */
  readonly editing: Editing | null;
  /** The element that has (or last had) the keyboard on the canvas, for roving focus; null: the empty cloth. */
  readonly focused: string | null;
  readonly camera: Camera;
  /** The surface on the screen, in CSS pixels; 0 × 0 while no canvas is shown. */
  readonly surface_px: { readonly width: number; readonly height: number };
  readonly pen: Pen;
  /** One finger draws with the pen in hand; else it pans. */
  readonly fingersDraw: boolean;
  /** The colour that the next note gets. */
  readonly noteColour: string;
  /** The element that a link begun by key or tap starts from. */
  readonly linkFrom: string | null;
  /** Shapes, lines, pictures, boxes to tick (craft.svelte.ts). */
  readonly craft: Craft;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Grows whenever elements changed, at most once a frame: read it to be told, then read `replica.view`. */
  readonly changes: number;
  /** Grows whenever somebody's presence changed, at most once a frame: read it, then read `replica.around`. */
  readonly presence: number;

  /** Open the sheet that says whose the words of a thing are, and what is proposed beside them. */
  askWhose(id: string): void;

  // ---- choosing
  setTool(tool: Tool): void;
  setPen(pen: Partial<Pen>): void;
  letFingersDraw(draw: boolean): void;
  setNoteColour(colour: string): void;
  select(ids: Iterable<string>): void;
  toggle(id: string): void;
  selectAll(): void;
  clearSelection(): void;
  /** Begin to write; the field is `text` unless named. Not for things without words, nor for the margin. */
  edit(element: string, field?: string): void;
  stopEditing(): void;
  /** Choose it, bring it into view and give it the keyboard, as the outline does on Enter. */
  focusElement(id: string, options?: { readonly edit?: boolean }): void;
  /** Choose these and bring them into view, while the keyboard stays where it is: for who walks in the outline. */
  show(ids: Iterable<string>): void;

  // ---- camera
  zoomIn(): void;
  zoomOut(): void;
  /** Around a point of the surface in CSS pixels; its middle if none is named. */
  zoomTo(zoom: number, around_px?: Point): void;
  /** Show all that is on the board, or these elements. */
  fit(ids?: Iterable<string>): void;
  /** Bring a board point to the middle. */
  panTo(at: Point): void;
  panBy_px(dx: number, dy: number): void;

  // ---- making
  /** A new note, its middle at a board point (else at the nearest free place to the middle of the view), chosen and being written unless `edit` is false. */
  addNote(at?: Point, options?: { readonly text?: string; readonly edit?: boolean }): string | null;
  addZone(rect?: Rect, options?: { readonly edit?: boolean }): string | null;
  /** Begin a link at an element (the chosen one if none is named); `connect` or `endLink` ends it. */
  startConnector(from?: string): void;
  /** A connector between two elements; words can be written on it like on a note. */
  connect(from: string, to: string): string | null;
  endLink(): void;

  // ---- changing what is chosen, or the ids named
  /** Each gets the colour if its type has it: notes and zones the note colours, ink and connectors the pens'. */
  recolour(colour: string, ids?: Iterable<string>): void;
  setAside(why?: string, ids?: Iterable<string>): void;
  bringBack(ids: Iterable<string>): void;
  nudge(dx: number, dy: number): void;
  resizeBy(dw: number, dh: number): void;
  order(where: Where): void;
  undo(): void;
  redo(): void;

  // ---- reading
  /** All that is not set aside, in the outline's order (outline/outline.ts), so that canvas and outline go in step. */
  reading(): readonly string[];
  /** What a thing is called: "Note, lemon: A door that I can lock". */
  describe(id: string): string;
  /** Where it lies, live drags included; null if it is not there. */
  bounds(id: string): Rect | null;
  announce(text: string): void;
  nameOf(author: string): string;
  /** Write without a name; unless it is asked for, only if the person's switch says so. Answers whether a sheet for it opened. */
  unnamed(wish: Unnamed, isAsked?: boolean): boolean;
  /** What others should see of me; only the parts named change, null or [] takes one away. */
  say(here: Here): void;
  close(): void;
}
