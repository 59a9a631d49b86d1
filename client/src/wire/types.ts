// Made by `make schemas` from schemas/*.schema.json. Do not edit. Bytes are MessagePack's bin.

/** Take somebody's variant for one's own words (FOLD-85): whose it is, and the seq that it has now. */
export type AcceptEdit = readonly [
  kind: "accept",
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  of: string,
  variant: number,
];

export type AcceptHead = readonly [
  kind: "accept",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  of: string,
  variant: number,
];

/** Groups that are in the log, as `[n, seq of the first entry]`. Durable as `welcome.durable` says. */
export interface Ack {
  readonly t: "ack";
  readonly board: string;
  readonly acks: readonly (readonly [number, number])[];
  readonly session?: string | null;
}

/** Put a new, empty element on the board. Words and ink follow as edits of their own in the same group. */
export type AddEdit = readonly [
  kind: "add",
  element: string,
  hand: string,
  k: number,
  base: number,
  type: string,
  values: Readonly<Record<string, number | string>>,
];

export type AddHead = readonly [
  kind: "add",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  type: string,
  values: Readonly<Record<string, number | string>>,
];

/** One connection's presence: `who` is random per connection, `author` says whose it is. */
export interface Around {
  readonly who: string;
  readonly author: string;
  readonly here: Here;
}

/** A board of the space, in the space's order. */
export interface BoardInfo {
  readonly board: string;
  readonly title?: string;
}

/** The space's boards, after one was founded. */
export interface Boards {
  readonly t: "boards";
  readonly boards: readonly BoardInfo[];
}

/** What can be withdrawn. The salt (16 random bytes) keeps a short word from being guessed. */
export type Body = readonly [salt: Uint8Array, content: string | Uint8Array | readonly string[]];

/** Take an element back from the margin. */
export type BringBackEdit = readonly [
  kind: "bring-back",
  element: string,
  hand: string,
  k: number,
  base: number,
];

export type BringBackHead = readonly [
  kind: "bring-back",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
];

/** The last frame before the server closes, with the reason in plain words. */
export interface Bye {
  readonly t: "bye";
  readonly code: string;
  readonly words: string;
}

/** Where somebody writes: code points over the field as of `base`; `head` is the moving end. */
export type Caret = readonly [element: string, field: string, anchor: number, head: number, base: number];

/** An element on the move: shown to others, logged only as one `set` at the end. */
export type Drag = readonly [element: string, x: number, y: number, w: number, h: number];

/** One atomic group of edits; `n` counts this session's groups on this board from 1, without holes. */
export interface EditFrame {
  readonly t: "edit";
  readonly board: string;
  readonly n: number;
  readonly edits: readonly (AddEdit | SetEdit | TextEdit | InkEdit | SetAsideEdit | BringBackEdit | OrderEdit | LockEdit | UnlockEdit | VaryEdit | UnvaryEdit | AcceptEdit | ProposeEdit | ObjectEdit | VoteEdit | TakeBackEdit | ResumeEdit)[];
  readonly session?: string | null;
  readonly key?: string | null;
}

/** Entries of one board, in order, without holes. Every receiver gets the same bytes. */
export interface Entries {
  readonly t: "entries";
  readonly board: string;
  readonly entries: readonly Entry[];
}

/** One line of the log, as stored and sent: `seq` from 1, `at` in ms, `body` None if withheld. */
export type Entry = readonly [seq: number, at: number, head: Uint8Array, body: Uint8Array | null];

/** The first entry of every log: which board of which space, and the space's public key (Ed25519). */
export type FoundHead = readonly [
  kind: "found",
  space: string,
  board: string,
  key: Uint8Array,
  version: number,
  body: Uint8Array,
];

/** The first frame. `token` is the participant's and gives the pseudonym; `session` is new per tab. */
export interface Hello {
  readonly t: "hello";
  readonly v: number;
  readonly space: string;
  readonly secret: string;
  readonly token: string;
  readonly session: string;
  readonly name?: string;
}

/** Somebody's presence on a board. Each frame replaces the one before. Never logged. */
export interface Here {
  readonly at?: readonly [number, number] | null;
  readonly selected?: readonly string[];
  readonly caret?: Caret | null;
  readonly drag?: readonly Drag[];
  readonly stroke?: Stroke | null;
  readonly view?: readonly [number, number, number, number] | null;
  readonly laser?: boolean;
  readonly look?: Look | null;
  readonly react?: React | null;
  readonly follow?: string;
}

/** Lengthen a stroke by `count` points, delta-coded (FOLD-40). */
export type InkEdit = readonly [
  kind: "ink",
  element: string,
  hand: string,
  k: number,
  base: number,
  count: number,
  points: Uint8Array,
];

export type InkHead = readonly [
  kind: "ink",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  count: number,
  body: Uint8Array,
];

/** The record goes on under another key: a server that was not the one before took it up (FOLD-132). */
export type KeyHead = readonly ["key", Uint8Array];

/** Stop following a board. */
export interface Leave {
  readonly t: "leave";
  readonly board: string;
}

/** `turn` counts how often links were made anew; `edit` and `view` are SHA-256 of their secrets. */
export type Links = readonly [turn: number, edit: Uint8Array, view: Uint8Array, signature: Uint8Array];

/** Ask everybody to leave an element as it is for some minutes: a lease, with a reason or none. */
export type LockEdit = readonly [
  kind: "lock",
  element: string,
  hand: string,
  k: number,
  base: number,
  minutes: number,
  why?: string,
];

export type LockHead = readonly [
  kind: "lock",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  minutes: number,
  body: Uint8Array | null,
];

/** Please look here. `n` tells one asking from the next of the same connection. */
export type Look = readonly [x: number, y: number, w: number, h: number, n: number];

/** The worker goes away. Reconnect after a random time up to `within_ms`. */
export interface Moving {
  readonly t: "moving";
  readonly within_ms: number;
}

/** Object to a proposal, with a reason or none: then the room votes. */
export type ObjectEdit = readonly ["object", string, string, number, number, string];

export type ObjectHead = readonly ["object", string, string, string, number, number, Uint8Array | null];

/**
 * Begin to follow a board. `seq` and `chain` are the last held, 0 and none for nothing.
 *
 * `tail`: the participant has pending words and needs every entry since `seq`, never only a snapshot.
 */
export interface Open {
  readonly t: "open";
  readonly board: string;
  readonly session?: string | null;
  readonly seq?: number;
  readonly chain?: Uint8Array | null;
  readonly tail?: boolean;
}

/**
 * The answer to open; then come a snapshot or the tail, up to `seq`, then entries as they are made.
 *
 * `mark`: the last n of the session that the log has an outcome for. `how`: "tail" from what was held,
 * "snapshot" from there on, or "rewound": the log does not hold the `(seq, chain)` that the participant
 * held.
 */
export interface Opened {
  readonly t: "opened";
  readonly board: string;
  readonly seq: number;
  readonly mark: number;
  readonly how: "rewound" | "snapshot" | "tail";
  readonly session?: string | null;
  readonly tip?: Tip | null;
}

/** Give an element its place in the pile: a fractional key. */
export type OrderEdit = readonly [
  kind: "order",
  element: string,
  hand: string,
  k: number,
  base: number,
  key: string,
];

export type OrderHead = readonly [
  kind: "order",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  key: string,
];

/** Names that are new or changed. */
export interface People {
  readonly t: "people";
  readonly people: readonly Person[];
}

/** A participant as others see them: a pseudonym and the name they chose. */
export interface Person {
  readonly author: string;
  readonly name?: string;
}

/** Are you there? Browsers can't send WebSocket pings. */
export interface Ping {
  readonly t: "ping";
}

/** I am here. */
export interface Pong {
  readonly t: "pong";
}

/** Who points at what; `gone` names connections that left the board. */
export interface Presence {
  readonly t: "presence";
  readonly board: string;
  readonly here?: readonly Around[];
  readonly gone?: readonly string[];
}

/** What I point at, select, drag or write just now. */
export interface PresenceIn {
  readonly t: "here";
  readonly board: string;
  readonly here: Here;
}

/** Propose something that touches everybody; which parts an `act` takes: FOLD-102. */
export type ProposeEdit = readonly [
  "propose",
  string,
  string,
  number,
  number,
  string,
  string,
  string,
  readonly string[],
  Readonly<Record<string, number | string>>,
  string,
  Readonly<Record<string, string>>,
];

export type ProposeHead = readonly [
  "propose",
  string,
  string,
  string,
  number,
  number,
  string,
  string,
  string,
  readonly string[],
  Readonly<Record<string, number | string>>,
  readonly string[],
  Uint8Array,
];

/**
 * A reaction, shown for about three seconds at `element`, or at the cursor where that is empty.
 *
 * `n` tells it from the next one of the same connection.
 */
export type React = readonly [
  name: "clap" | "heart" | "laugh" | "question" | "thanks" | "think" | "up" | "wow",
  element: string,
  n: number,
];

/** A group that was not taken. Nothing of it was kept by the server; `code` stands in PROTOCOL.md. */
export interface Refuse {
  readonly t: "refuse";
  readonly code: string;
  readonly words: string;
  readonly board?: string | null;
  readonly n?: number;
  readonly session?: string | null;
}

/** Call me this from now on; the empty name is nobody in particular. */
export interface Rename {
  readonly t: "name";
  readonly name: string;
}

export type RestoredHead = readonly [
  "restored",
  string,
  string,
  string,
  number,
  Readonly<Record<string, number | string>>,
  readonly string[],
  readonly (readonly [number, number, number])[],
  number,
  Uint8Array | null,
];

/** Let a proposal's time go on that stood still while no worker was there (FOLD-111). */
export type ResumeEdit = readonly ["resume", string, string, number, number];

export type ResumeHead = readonly ["resume", string, string, string, number, number];

export type RollHead = readonly ["roll", string, readonly string[]];

export type RulingHead = readonly [
  "ruling",
  string,
  string,
  string,
  string,
  readonly string[],
  Readonly<Record<string, number | string>>,
  readonly string[],
  Uint8Array | null,
];

/** Move an element to the margin, with a reason or none. */
export type SetAsideEdit = readonly [
  kind: "set-aside",
  element: string,
  hand: string,
  k: number,
  base: number,
  why?: string,
];

export type SetAsideHead = readonly [
  kind: "set-aside",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  body: Uint8Array | null,
];

/** Change properties, each by last-writer-wins (FOLD-20). */
export type SetEdit = readonly [
  kind: "set",
  element: string,
  hand: string,
  k: number,
  base: number,
  values: Readonly<Record<string, number | string>>,
  words?: Readonly<Record<string, string>>,
];

export type SetHead = readonly [
  kind: "set",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  values: Readonly<Record<string, number | string>>,
  words: readonly string[],
  body: Uint8Array | null,
];

/** A board's canonical bytes (FOLD-70), gzipped, as of `seq`. */
export interface Snapshot {
  readonly t: "snapshot";
  readonly board: string;
  readonly seq: number;
  readonly data: Uint8Array;
}

/** Ink that is being drawn and not yet logged: a piece as in FOLD-40, relative to `x, y`. */
export type Stroke = readonly [
  element: string,
  x: number,
  y: number,
  colour: string,
  width: number,
  points: Uint8Array,
];

/** Take back one's own proposal. */
export type TakeBackEdit = readonly ["take-back", string, string, number, number];

export type TakeBackHead = readonly ["take-back", string, string, string, number, number];

/** Change words: splices over the field as its author saw it; `inserted` is their insertions, joined. */
export type TextEdit = readonly [
  kind: "text",
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  splices: readonly (readonly [number, number, number])[],
  inserted: string,
];

export type TextHead = readonly [
  kind: "text",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  splices: readonly (readonly [number, number, number])[],
  body: Uint8Array,
];

export type TickHead = readonly ["tick", readonly string[]];

/** The state after entry `seq`: the board's time in ms (FOLD-7) and its chain, signed. */
export type Tip = readonly [seq: number, at: number, chain: Uint8Array, signature: Uint8Array];

/** The server vouches for a board up to `tip.seq` (PROTOCOL-60). Entries up to there may still come. */
export interface TipFrame {
  readonly t: "tip";
  readonly board: string;
  readonly tip: Tip;
}

/** End a lock before its time. Anybody may. */
export type UnlockEdit = readonly [kind: "unlock", element: string, hand: string, k: number, base: number];

export type UnlockHead = readonly [
  kind: "unlock",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
];

/** Take one's own variant back, or leave the one that somebody made of one's words (FOLD-84). */
export type UnvaryEdit = readonly [
  kind: "unvary",
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  of: string,
  variant: number,
];

export type UnvaryHead = readonly [
  kind: "unvary",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  of: string,
  variant: number,
];

/** Propose other words beside somebody's (FOLD-82): one splice over the field as its author saw it. */
export type VaryEdit = readonly [
  kind: "vary",
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  splice: readonly [number, number, number],
  inserted: string,
];

export type VaryHead = readonly [
  kind: "vary",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  field: string,
  splice: readonly [number, number, number],
  body: Uint8Array,
];

/** Vote: 1 for, 0 against. The last one counts. */
export type VoteEdit = readonly ["vote", string, string, number, number, number];

export type VoteHead = readonly ["vote", string, string, string, number, number, number];

/** The answer to hello. `may_edit` is what the link allows; `durable` says what an ack means. */
export interface Welcome {
  readonly t: "welcome";
  readonly v: number;
  readonly space: string;
  readonly title: string;
  readonly author: string;
  readonly may_edit: boolean;
  readonly boards: readonly BoardInfo[];
  readonly people: readonly Person[];
  readonly durable: "fsync" | "memory" | "second";
  readonly now: number;
  readonly who?: string;
  readonly links?: Links | null;
}

/** Take back for good what I wrote on a board, or on some of its elements; empty: everywhere on it. */
export interface Withdraw {
  readonly t: "withdraw";
  readonly board: string;
  readonly elements?: readonly string[];
}

/** All that `author` wrote on an element goes for good (FOLD-90). No edit makes one: workers do. */
export type WithdrawHead = readonly [
  kind: "withdraw",
  author: string,
  element: string,
  hand: string,
  k: number,
  base: number,
  ranges: readonly (readonly [string, readonly (readonly [number, number])[]])[],
];

/** What `withdraw` asked for is done: no file of the server holds it. `elements`: on how many. */
export interface Withdrawn {
  readonly t: "withdrawn";
  readonly board: string;
  readonly elements: number;
}

export type FromParticipant = Hello | Open | Leave | EditFrame | PresenceIn | Rename | Withdraw | Ping;

export type FromServer =
  | Welcome
  | Opened
  | Snapshot
  | Entries
  | TipFrame
  | Ack
  | Refuse
  | Presence
  | People
  | Boards
  | Withdrawn
  | Moving
  | Bye
  | Pong;

export type AnyEdit =
  | AddEdit
  | SetEdit
  | TextEdit
  | InkEdit
  | SetAsideEdit
  | BringBackEdit
  | OrderEdit
  | LockEdit
  | UnlockEdit
  | VaryEdit
  | UnvaryEdit
  | AcceptEdit
  | ProposeEdit
  | ObjectEdit
  | VoteEdit
  | TakeBackEdit
  | ResumeEdit;

export type AnyHead =
  | FoundHead
  | AddHead
  | SetHead
  | TextHead
  | InkHead
  | SetAsideHead
  | BringBackHead
  | OrderHead
  | LockHead
  | UnlockHead
  | VaryHead
  | UnvaryHead
  | AcceptHead
  | WithdrawHead
  | ProposeHead
  | ObjectHead
  | VoteHead
  | TakeBackHead
  | ResumeHead
  | RollHead
  | TickHead
  | RulingHead
  | RestoredHead
  | KeyHead;
