/** Who did something, and with which entry. Mirrors `core/stamp.py`. */

/** Which entry last changed something: its seq, its time in ms, and its author's pseudonym. */
export interface Stamp {
  readonly seq: number;
  readonly at: number;
  readonly author: string;
}

/** The last k of one (author, hand) that wrote on an element. */
export interface HandMark {
  readonly author: string;
  readonly hand: string;
  readonly k: number;
}
