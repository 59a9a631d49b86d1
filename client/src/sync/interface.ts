/**
 * What the screens know of a space: the one surface between `sync/` and everything that draws.
 *
 * `sync/` owns the connection, the confirmed fold, pending edits (IndexedDB) and presence. Screens read `view` (pending
 * folded over confirmed), call the verbs below, and hear of changes through `subscribe`. Every verb takes effect in `view`
 * at once, is kept on the device before it is sent, and may still turn out not to apply: then `told` says so.
 */
import type { Board, Element, Value } from "../core/board";
import type { Tip } from "../core/tip";
import type { React } from "../wire/types";

/**
 * Where pending edits are: on this device, so that a closed page loses none; on their way there; or, where the browser keeps
 * nothing (or can't any more), in this page alone.
 */
export type Kept = "device" | "writing" | "page";

/** What the status in the bar says. `saved`: nothing pending. `saving`: on its way. The rest: not connected. */
export type Status =
  | { kind: "connecting" }
  | { kind: "saved" }
  | { kind: "saving"; pending: number; kept: Kept }
  | { kind: "reconnecting"; pending: number; kept: Kept }
  | { kind: "offline"; pending: number; kept: Kept }
  | { kind: "gone"; code: string; pending: number; kept: Kept };

export interface PersonInfo {
  author: string;
  name: string;
}

export interface BoardInfo {
  board: string;
  title: string;
}

export interface Caret {
  element: string;
  field: string;
  anchor: number;
  head: number;
}

export interface DragInfo {
  element: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface StrokeInfo {
  element: string;
  x: number;
  y: number;
  colour: string;
  width: number;
  points: Uint8Array;
}

/** What one can react with (PROTOCOL-32). */
export type Reaction = React[0];

/** One connection's presence, caret positions already carried to the present view. */
export interface Around {
  who: string;
  author: string;
  at: readonly [number, number] | null;
  selected: readonly string[];
  caret: Caret | null;
  drag: readonly DragInfo[];
  stroke: StrokeInfo | null;
  /** Which part of the board is on their screen: x, y, w, h. */
  view: readonly [number, number, number, number] | null;
  /** Their cursor is a laser pointer. */
  laser: boolean;
  /** The pseudonym of whom they look along with; "" for nobody. */
  follow: string;
  /**
   * "Please look here", and a reaction at an element or (empty) at their cursor. Both end with a number: the same number is the
   * same moment, however often it is heard. Show a new one for about three seconds; it may stay here longer than that.
   */
  look: readonly [x: number, y: number, w: number, h: number, n: number] | null;
  react: readonly [name: Reaction, element: string, n: number] | null;
  /** When it was last heard, in ms of this device's monotonic clock. */
  heard: number;
}

/** What I show of myself; each call replaces what was said before. `sync/` thins and sends it. */
export interface Here {
  at?: readonly [number, number] | null;
  selected?: readonly string[];
  caret?: Caret | null;
  drag?: readonly DragInfo[];
  stroke?: StrokeInfo | null;
  view?: readonly [number, number, number, number] | null;
  laser?: boolean;
  follow?: string;
  /**
   * Moments: one that was not there in the call before (or is another) is a new one, and is shown for three seconds, also if the
   * next call has none. To do the same once more: a call without, and one with it. Others see them; one's own are not in `around`.
   */
  look?: readonly [x: number, y: number, w: number, h: number] | null;
  react?: readonly [name: Reaction, element: string] | null;
}

/** Something that a person should hear: a pending edit that did not apply, a board that came back shorter, … */
export interface Told {
  /** A key of `i18n/`, e.g. `told.stale`. */
  code: string;
  element: string | null;
  /** What was kept on this device, e.g. the words that could not be placed. */
  kept: string;
  /** It stands in the board's `missed` too, where the person may put it yet. */
  isListed?: true;
}

/** What a person did that did not fit any more when it came to the log. It waits in a list until they put it or leave it. */
export interface Missed {
  id: string;
  /** Why (a reason of FOLD, or a code of PROTOCOL-23). */
  code: string;
  element: string;
  /** The words that stood on it then. */
  called: string;
  /** Properties (also `order`) that they had set and that did not apply. */
  values: Readonly<Record<string, Value>>;
  /** The same of word properties. */
  said: Readonly<Record<string, string>>;
  /** Typed words that found no place. */
  words: string;
}

/**
 * What does not fit between the record that a server shows, what it signed, and what this device had (PROTOCOL-62). `rewound`: it
 * came back without something that was here; `cut`: without its end; `other`: another record; `body`: words that were changed;
 * `forged`, `key`: not signed by the space's own key; `unsigned`: not signed at all for a while.
 */
export type Doubt = 'rewound' | 'cut' | 'other' | 'body' | 'forged' | 'key' | 'unsigned';

/** How far the record of a board is vouched for. */
export interface RecordInfo {
  readonly doubts: readonly Doubt[];
  /** The latest tip that its server signed and that fits what was folded here; null before the first. */
  readonly tip: Tip | null;
}

/** What this device does to an anonymous note and has not sent yet. */
export interface WaitingNote {
  element: string;
  text: string;
  kind: "put" | "again" | "words" | "aside" | "back";
  /** It was not sent yet: taken away now, it was never there. */
  canCallOff: boolean;
}

/**
 * Notes without a name (PROTOCOL-80 to -83). Each is written in private and goes onto the cloth after a random wait, at a place that
 * follows from what lies there; nothing of it is in `view` before. `isMine` is known on this device alone.
 */
export interface AnonymousNotes {
  /** What waits, one a note, the oldest first. */
  readonly waiting: readonly WaitingNote[];
  isMine(element: string): boolean;
  /** Answers its id; null for no words, or when looking only. `beside`: a zone, or (`answers`) the note that it replies to. */
  put(text: string, beside?: string | null, answers?: boolean): string | null;
  /** Say one's own otherwise: `from` is what it was when one began. */
  reword(element: string, from: string, to: string): void;
  /** Take one's own away: call it off while it waits, else set it aside, after a wait too. */
  takeAway(element: string): void;
  bringBack(element: string): void;
}

export type BoardEvent =
  | { kind: "elements"; ids: ReadonlySet<string> }
  | { kind: "reset" }
  | { kind: "presence" }
  | { kind: "missed" }
  | { kind: "anonymous" }
  | { kind: "undo" }
  | { kind: "record" }
  | { kind: "decisions" };

/** What is proposed to the room (FOLD-102). */
export interface Proposing {
  act: string;
  board?: string;
  about?: string;
  elements?: readonly string[];
  values?: Readonly<Record<string, number>>;
  words?: Readonly<Record<string, string>>;
  why?: string;
}

export interface NewElement {
  /** Given by whoever makes several that name each other (a paste with its links); otherwise a new one is made. */
  id?: string;
  type: "note" | "zone" | "ink" | "connector" | "shape" | "image";
  values: Record<string, Value>;
  /** Word properties: what an image or a stroke shows (`alt`). */
  words?: Record<string, string>;
  text?: string;
  ink?: { count: number; points: Uint8Array };
}

export interface BoardReplica {
  readonly info: BoardInfo;
  readonly anonymous: AnonymousNotes;
  /** Pending over confirmed. Elements are replaced when they change, never changed in place: compare by identity. */
  readonly view: Board;
  readonly confirmed: Board;
  /** False until the first snapshot or tail up to the tip was folded. */
  readonly ready: boolean;
  readonly mayEdit: boolean;
  /** The log's clock in ms, as well as this device knows it. A lock is in force while `element.isLocked(now)`. */
  readonly now: number;
  readonly around: ReadonlyMap<string, Around>;
  /** Ids of elements that have pending edits. */
  readonly unsaved: ReadonlySet<string>;

  /** Add elements as one group; answers their new ids. Order keys are given on top of the pile unless `values.order` is there. */
  add(elements: readonly NewElement[]): string[];
  /** Set properties of several elements as one group (a move of a group, a recolour). One undo step. */
  set(changes: ReadonlyMap<string, Record<string, Value>>, words?: ReadonlyMap<string, Record<string, string>>): void;
  /** Replace `deleted` code points at `position` of the view's field by `inserted`. Bursts in one field become one undo step. */
  type(element: string, field: string, position: number, deleted: number, inserted: string): void;
  /** Lengthen my stroke. The group of a stroke's add and all its pieces is one undo step. */
  extendInk(element: string, count: number, points: Uint8Array): void;
  setAside(elements: readonly string[], why?: string): void;
  bringBack(elements: readonly string[]): void;
  order(element: string, where: "front" | "back" | "forward" | "backward"): void;

  /**
   * Ask everybody, oneself included, to leave elements as they are for 1 to 480 minutes: they can't be moved, changed or set
   * aside, but written on. Locking again makes it longer, shorter, or takes it over. Ends by itself; not a step of undo.
   */
  lock(elements: readonly string[], minutes: number, why?: string): void;
  /** End locks before their time, anybody's. What isn't locked is passed over. */
  unlock(elements: readonly string[]): void;

  /**
   * Propose other words beside somebody's, the whole of a field as I would have it; one proposal each, a new one takes the place of the
   * last. It is in `element.variants` once it is in the log. Not a step of undo: `unvary` takes it back.
   */
  vary(element: string, field: string, words: string): void;
  /** Take my proposal back, or leave somebody's for my words. */
  unvary(element: string, field: string, of: string): void;
  /** Take somebody's proposal for my words. */
  accept(element: string, field: string, of: string): void;
  /** Take back for good what I wrote on these elements, or (none named) everywhere on this board. `told.takenBack` says when it is done. */
  takeBack(elements?: readonly string[]): void;

  /**
   * On the space's own log (the board whose id is the space's): what the room decides stands in `confirmed.decisions`, and what one says
   * shows there once it is in the log. Propose something; answers the proposal's id. Object with a reason or none; vote for or
   * against; take back one's own; let time go on that stood still.
   */
  propose(what: Proposing): string;
  object(proposal: string, why?: string): void;
  vote(proposal: string, isFor: boolean): void;
  takeBackProposal(proposal: string): void;
  resume(proposal: string): void;

  /** What I did (mostly while away) that did not fit any more; kept on this device. */
  readonly missed: readonly Missed[];
  /** Do it now, over what is there; what lies in the margin is brought back for it. One step of undo. A repeat is harmless. */
  putMissed(id: string): void;
  /** Let it go. A repeat is harmless. */
  leaveMissed(id: string): void;

  /** Changes with the event `record`. */
  readonly record: RecordInfo;
  /** The person has seen its doubts: from here on the record counts as it is. */
  noticedDoubts(): void;

  /** What `work` does through these verbs is one step of undo. Not for typing, which makes its own steps. */
  together<T>(work: () => T): T;
  /** Undo my last act on this board, as far as it is still as I left it (FOLD-62). Answers what it was about, or null. */
  undo(): string[] | null;
  redo(): string[] | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  here(here: Here): void;
  /** A position of the field as it was at this device's `token` (from `caretToken`), carried to the present view. */
  caretToken(element: string, field: string): number;
  mapCaret(element: string, field: string, token: number, position: number, stickRight: boolean): number;
  subscribe(listener: (event: BoardEvent) => void): () => void;
  close(): void;
}

/** A picture that the server has. `asset`: the SHA-256 of its bytes, 64 hex digits; its size in points. */
export interface PlacedImage {
  asset: string;
  w: number;
  h: number;
}

/** Pictures of a space (`images.ts`). What can't be granted rejects with `Declined`, whose code is a key of `i18n/`. */
export interface Images {
  /**
   * Put a picture on a board at once, also without a network; answers the element, null when looking only. Its `asset` follows
   * when the server has the bytes; until then `waitingUrl(element)` shows it on this device, also after the page was closed.
   */
  placeImage(
    replica: BoardReplica,
    picture: Blob,
    where: { x: number; y: number; w: number; h: number; alt?: string },
  ): string | null;
  /** What waits on this device for an element; null if nothing does. Listen with `subscribe`. */
  waitingUrl(element: string): string | null;
  /** Bring a picture to the server now. The same picture gives the same asset. */
  putImage(picture: Blob): Promise<PlacedImage>;
  /** A `blob:` address of a picture, from this device or the server. `release` it when it is not shown any more. */
  imageUrl(asset: string): Promise<string>;
  release(asset: string): void;
  subscribe(listener: () => void): () => void;
}

export interface SpaceClient {
  readonly images: Images;
  readonly space: string;
  readonly title: string;
  readonly author: string;
  readonly mayEdit: boolean;
  readonly status: Status;
  readonly boards: readonly BoardInfo[];
  readonly people: ReadonlyMap<string, PersonInfo>;
  /** Pseudonyms of connections that are on the open board just now, myself included. */
  readonly name: string;
  rename(name: string): void;
  /** Begins with what this device keeps; resolves once it is known what the link allows (here before, or on the first welcome). */
  open(board: string): Promise<BoardReplica>;
  /**
   * Found one more board; answers its id, when it is there and in `boards`. Rejects with `Declined` (its code is a key of `i18n/`):
   * looking only, nobody to ask just now, no title, too many boards. Don't repeat by yourself: each call founds another.
   */
  newBoard(title: string): Promise<string>;
  subscribe(listener: () => void): () => void;
  onTold(listener: (told: Told) => void): () => void;
  /** Try to connect now instead of after the back-off. */
  retry(): void;
  close(): void;
}

export type { Board, Element, Value };
