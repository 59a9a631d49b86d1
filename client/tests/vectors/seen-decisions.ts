// What a case may expect of proposals, the agreement and rulings (schemas/vectors/README.md).

import type { Stamp } from '../../src/core/board.ts';
import type { Decisions, Proposal } from '../../src/core/decisions.ts';

function stampOf({ seq, at, author }: Stamp): [number, number, string] {
  return [seq, at, author];
}

/** Everything that a case may expect of a proposal. */
export function seenProposal(p: Proposal): Record<string, unknown> {
  const marks = [...p.hands.values()].map(({ author, hand, k }) => [author, hand, k] as const);
  return {
    ...p,
    values: Object.fromEntries(p.values),
    words: Object.fromEntries(p.words),
    born: stampOf(p.born),
    votes: Object.fromEntries(p.votes),
    objection: p.objection === null ? null : [...stampOf(p.objection.stamp), p.objection.why],
    decided: p.decided === null ? null : [p.decided.seq, p.decided.at],
    hands: marks.sort((one, two) => (one.join(' ') < two.join(' ') ? -1 : 1)),
  };
}

/** Everything else that the room decided. */
export function seenDecisions(known: Decisions): Record<string, unknown> {
  return {
    sections: Object.fromEntries(known.sections),
    numbers: Object.fromEntries(known.numbers),
    rulings: Object.fromEntries([...known.rulings].map(([id, one]) => [id, [one.act, ...stampOf(one.stamp)]])),
    closed: known.closed === null ? null : stampOf(known.closed),
    paused: Object.fromEntries(known.paused),
    removed: Object.fromEntries(known.removed),
    count: known.proposals.size,
  };
}
