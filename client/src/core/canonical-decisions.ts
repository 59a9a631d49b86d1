/** What the room proposes and decided, as its part of the canonical form (FOLD-70). Mirrors `core/canonical_decisions.py`. */

import type { HandMark, Stamp } from './board.ts';
import { Decisions, NOTHING, type Proposal, type Ruling, type State } from './decisions.ts';
import { type Reader, Unreadable, type Writer } from './msgpack.ts';
import { handKey } from './text.ts';

const PROPOSAL_ITEMS = 19;

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0));
}

function stampOut(out: Writer, { seq, at, author }: Stamp): void {
  out.int(seq);
  out.int(at);
  out.str(author);
}

function strOrNil(out: Writer, value: string | null): void {
  if (value === null) out.nil();
  else out.str(value);
}

function listOut(out: Writer, items: readonly string[]): void {
  out.array(items.length);
  for (const item of items) out.str(item);
}

function mapOut<T>(out: Writer, map: ReadonlyMap<string, T>, write: (value: T) => void): void {
  out.map(map.size);
  for (const [name, value] of sorted(map)) {
    out.str(name);
    write(value);
  }
}

function proposalOut(out: Writer, p: Proposal): void {
  out.array(PROPOSAL_ITEMS);
  for (const word of [p.id, p.act, p.board, p.about]) out.str(word);
  listOut(out, p.elements);
  mapOut(out, p.values, (value) => out.int(value));
  mapOut(out, p.words, (value) => strOrNil(out, value));
  strOrNil(out, p.why);
  out.array(3);
  stampOut(out, p.born);
  out.int(p.deadline);
  out.str(p.state);
  out.int(p.phase);
  if (p.held === null) out.nil();
  else out.int(p.held);
  if (p.roll === null) out.nil();
  else listOut(out, p.roll);
  mapOut(out, p.votes, (value) => out.int(value));
  endOut(out, p);
}

function endOut(out: Writer, p: Proposal): void {
  if (p.objection === null) out.nil();
  else {
    out.array(4);
    stampOut(out, p.objection.stamp);
    strOrNil(out, p.objection.why);
  }
  if (p.decided === null) out.nil();
  else {
    out.array(2);
    out.int(p.decided.seq);
    out.int(p.decided.at);
  }
  out.int(p.carried);
  out.array(p.hands.size);
  for (const [, mark] of sorted(p.hands)) {
    out.array(3);
    out.str(mark.author);
    out.str(mark.hand);
    out.int(mark.k);
  }
}

/** Nil where there is nothing: most boards cost one byte. */
export function decisionsOut(out: Writer, known: Decisions): void {
  if (known.isEmpty()) {
    out.nil();
    return;
  }
  out.array(7);
  out.array(known.proposals.size);
  for (const [, proposal] of sorted(known.proposals)) proposalOut(out, proposal);
  mapOut(out, known.sections, (value) => strOrNil(out, value));
  mapOut(out, known.numbers, (value) => out.int(value));
  out.array(known.rulings.size);
  for (const [id, ruling] of sorted(known.rulings)) {
    out.array(5);
    out.str(id);
    out.str(ruling.act);
    stampOut(out, ruling.stamp);
  }
  if (known.closed === null) out.nil();
  else {
    out.array(3);
    stampOut(out, known.closed);
  }
  mapOut(out, known.paused, (value) => out.int(value));
  mapOut(out, known.removed, (value) => out.str(value));
}

function record(reader: Reader, count: number): void {
  if (reader.array() !== count) throw new Unreadable('not such a record');
}

function stampIn(reader: Reader): Stamp {
  return { seq: reader.int(), at: reader.int(), author: reader.str() };
}

function listIn<T>(reader: Reader, read: () => T): T[] {
  const list: T[] = [];
  for (let left = reader.array(); left > 0; left -= 1) list.push(read());
  return list;
}

function mapIn<T>(reader: Reader, read: () => T): Map<string, T> {
  const map = new Map<string, T>();
  for (let left = reader.map(); left > 0; left -= 1) map.set(reader.str(), read());
  return map;
}

function orNil<T>(reader: Reader, read: () => T): T | null {
  return reader.nil() ? null : read();
}

function markIn(reader: Reader): [string, HandMark] {
  record(reader, 3);
  const mark = { author: reader.str(), hand: reader.str(), k: reader.int() };
  return [handKey(mark.author, mark.hand), mark];
}

function proposalIn(reader: Reader): Proposal {
  record(reader, PROPOSAL_ITEMS);
  return {
    id: reader.str(),
    act: reader.str(),
    board: reader.str(),
    about: reader.str(),
    elements: listIn(reader, () => reader.str()),
    values: mapIn(reader, () => reader.int()),
    words: mapIn(reader, () => orNil(reader, () => reader.str())),
    why: orNil(reader, () => reader.str()),
    born: bornIn(reader),
    deadline: reader.int(),
    state: reader.str() as State,
    phase: reader.int(),
    held: orNil(reader, () => reader.int()),
    roll: orNil(reader, () => listIn(reader, () => reader.str())),
    votes: mapIn(reader, () => reader.int()),
    objection: orNil(reader, () => {
      record(reader, 4);
      return { stamp: stampIn(reader), why: orNil(reader, () => reader.str()) };
    }),
    decided: orNil(reader, () => {
      record(reader, 2);
      return { seq: reader.int(), at: reader.int() };
    }),
    carried: reader.int(),
    hands: new Map(listIn(reader, () => markIn(reader))),
  };
}

function bornIn(reader: Reader): Stamp {
  record(reader, 3);
  return stampIn(reader);
}

/** The reverse of `decisionsOut`. */
export function decisionsIn(reader: Reader): Decisions {
  if (reader.nil()) return NOTHING;
  record(reader, 7);
  const proposals = listIn(reader, () => proposalIn(reader));
  const sections = mapIn(reader, () => orNil(reader, () => reader.str()));
  const numbers = mapIn(reader, () => reader.int());
  const rulings = listIn(reader, (): [string, Ruling] => {
    record(reader, 5);
    return [reader.str(), { act: reader.str(), stamp: stampIn(reader) }];
  });
  return new Decisions({
    proposals: new Map(proposals.map((one) => [one.id, one])),
    sections,
    numbers,
    rulings: new Map(rulings),
    closed: orNil(reader, () => bornIn(reader)),
    paused: mapIn(reader, () => reader.int()),
    removed: mapIn(reader, () => reader.str()),
  });
}
