/**
 * Proposals on the space's log: what touches everybody is proposed, and the room decides (FOLD-101 to FOLD-114). Mirrors
 * `core/proposals.py`.
 *
 *     open, phase 1 ── time ends ─────────────────────────────> passed
 *          │ object                                               ^
 *          v                                                      │ two thirds of the votes cast
 *     open, phase 2 (a fresh roll votes) ── time ends, or all ────┴─> fell
 *                                           have voted
 *
 * Each function answers a reason, or null if it applied. Nothing here knows a clock.
 */

import { actFits, NEVER_ALONE, type Parts, WAITS_ALONE } from './acts.ts';
import type { Board, Stamp } from './board.ts';
import type { Proposal } from './decisions.ts';
import type { Content } from './edits.ts';
import type { Reason } from './reasons.ts';
import { MAX_EACH_HOUR, MAX_OPEN, MAX_OPEN_EACH, MAX_PROPOSALS } from './limits.ts';
import type { ProposalHead, ProposeHead, RollHead, TickHead } from './room-kinds.ts';
import { handKey } from './text.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LATEST = Number.MAX_SAFE_INTEGER;
/** An act that the space's number of open proposals doesn't count, so that a flood can't hinder what ends it. */
const HEARD_ALWAYS = 'pause';

/** What somebody says about a proposal. */
export function applySaid(
  board: Board,
  seq: number,
  at: number,
  head: ProposalHead,
  content: Content | null,
): Reason | null {
  if (board.board !== board.space) return 'wrong-board'; // FOLD-100
  const known = board.decisions.proposals.get(head.element);
  if (known === undefined) {
    return head.kind === 'propose' ? propose(board, seq, at, head, content) : 'unknown-proposal';
  }
  const key = handKey(head.author, head.hand);
  const last = known.hands.get(key)?.k ?? 0;
  if (head.k !== last + 1) return head.k <= last ? 'repeat' : 'hole';
  if (head.base >= seq) return 'future-base';
  const mark = { author: head.author, hand: head.hand, k: head.k };
  const proposal = put(board, { ...known, hands: new Map(known.hands).set(key, mark) });
  const reason = saidRefusal(head.author, proposal, head.kind);
  if (reason !== null) return reason;
  say(board, proposal, { seq, at, author: head.author }, head, content);
  return null;
}

function say(board: Board, proposal: Proposal, stamp: Stamp, head: ProposalHead, content: Content | null): void {
  const { seq, at } = stamp;
  switch (head.kind) {
    case 'object': {
      // FOLD-106
      const why = head.body === null ? '' : typeof content === 'string' ? content : null;
      const deadline = Math.min(at + board.decisions.number('vote') * MINUTE_MS, LATEST);
      const anew = { phase: 2, roll: null, votes: new Map(), held: null, deadline };
      put(board, { ...proposal, ...anew, objection: { stamp, why } });
      return;
    }
    case 'vote': {
      const votes = new Map(proposal.votes).set(stamp.author, head.choice);
      settleIfAllVoted(board, put(board, { ...proposal, votes }), stamp);
      return;
    }
    case 'take-back':
      put(board, { ...proposal, state: 'taken-back', decided: { seq, at } });
      return;
    case 'resume': {
      const left = Math.max(0, proposal.deadline - (proposal.held ?? 0));
      put(board, { ...proposal, deadline: Math.min(at + left, LATEST), held: null });
      return;
    }
    case 'propose':
      return;
  }
}

/** Why somebody may not say this about a proposal now. */
export function saidRefusal(author: string, proposal: Proposal, kind: ProposalHead['kind']): Reason | null {
  if (kind === 'propose') return 'exists';
  if (proposal.state !== 'open') return 'decided';
  switch (kind) {
    case 'object':
      if (proposal.phase === 2) return 'voting';
      return author === proposal.about || author === proposal.born.author ? 'no-say' : null; // FOLD-106
    case 'vote':
      if (proposal.phase === 1) return 'not-voting';
      return proposal.roll?.includes(author) === true ? null : 'no-say'; // FOLD-107
    case 'take-back':
      return author === proposal.born.author ? null : 'not-yours'; // FOLD-108
    case 'resume':
      return proposal.held === null ? 'not-held' : null; // FOLD-111
  }
}

/** Why nobody may propose this now (FOLD-102, FOLD-103). `words`: their names. */
export function proposeRefusal(
  board: Board,
  at: number,
  author: string,
  parts: Parts,
  words: readonly string[],
): Reason | null {
  const known = board.decisions;
  if (!actFits(board.space, author, parts, words)) return 'bad-value';
  const minutes = parts.values.get('minutes') ?? 0;
  if (parts.act === 'pause' && Number(minutes) > known.number('pause')) return 'bad-value';
  if (known.isPaused(author, at)) return 'paused';
  const all = [...known.proposals.values()];
  const opened = all.filter((one) => one.state === 'open');
  const { act, board: target, about } = parts;
  if (opened.some((one) => one.act === act && one.board === target && one.about === about)) return 'proposed';
  const mine = all.filter((one) => one.born.author === author);
  if (mine.filter((one) => one.born.at > at - HOUR_MS).length >= MAX_EACH_HOUR) return 'too-often';
  if (mine.filter((one) => one.state === 'open').length >= MAX_OPEN_EACH) return 'proposals-full';
  const counted = opened.filter((one) => one.act !== HEARD_ALWAYS).length;
  return act !== HEARD_ALWAYS && counted >= MAX_OPEN ? 'proposals-full' : null;
}

function propose(board: Board, seq: number, at: number, head: ProposeHead, content: Content | null): Reason | null {
  // FOLD-101
  if (head.k !== 1) return 'hole';
  if (head.base >= seq) return 'future-base';
  const reason = proposeRefusal(board, at, head.author, head, head.words);
  if (reason !== null) return reason;
  const isThere = Array.isArray(content) && content.length === head.words.length + 1;
  const said = isThere ? (content as readonly string[]) : null;
  const values = new Map<string, number>();
  for (const [name, value] of head.values) if (typeof value === 'number') values.set(name, value);
  prune(board);
  put(board, {
    id: head.element,
    act: head.act,
    board: head.board,
    about: head.about,
    elements: head.elements,
    values,
    words: new Map(head.words.map((name, place) => [name, said?.[place + 1] ?? null])),
    why: said?.[0] ?? null,
    born: { seq, at, author: head.author },
    deadline: Math.min(at + board.decisions.number('proposal') * MINUTE_MS, LATEST),
    state: 'open',
    phase: 1,
    held: null,
    roll: null,
    votes: new Map(),
    objection: null,
    decided: null,
    carried: 0,
    hands: new Map([[handKey(head.author, head.hand), { author: head.author, hand: head.hand, k: 1 }]]),
  });
  return null;
}

function prune(board: Board): void {
  // FOLD-114
  const { proposals } = board.decisions;
  if (proposals.size < MAX_PROPOSALS) return;
  let oldest: Proposal | null = null;
  for (const one of proposals.values()) {
    if (one.state === 'open' || (one.state === 'passed' && one.carried === 0)) continue;
    if (oldest === null || one.born.seq < oldest.born.seq) oldest = one;
  }
  if (oldest === null) return;
  const left = new Map(proposals);
  left.delete(oldest.id);
  board.decisions = board.decisions.with({ proposals: left });
}

/** Who was there when the phase began (FOLD-104). */
export function applyRoll(board: Board, seq: number, at: number, head: RollHead): Reason | null {
  if (board.board !== board.space) return 'wrong-board';
  const known = board.decisions.proposals.get(head.proposal);
  if (known === undefined) return 'unknown-proposal';
  if (known.state !== 'open') return 'decided';
  if (known.roll !== null) return 'repeat';
  const roll = [...new Set(head.people)].filter((who) => who !== known.about).sort();
  const stamp: Stamp = { seq, at, author: known.born.author };
  if (known.phase === 1) {
    passAlone(board, put(board, { ...known, roll }), stamp);
    return null;
  }
  // FOLD-107: who proposed and who objected have said what they think; each may still vote otherwise.
  const votes = new Map(known.votes);
  if (roll.includes(known.born.author)) votes.set(known.born.author, 1);
  const objector = known.objection?.stamp.author;
  if (objector !== undefined && roll.includes(objector)) votes.set(objector, 0);
  settleIfAllVoted(board, put(board, { ...known, roll, votes }), stamp);
  return null;
}

function passAlone(board: Board, proposal: Proposal, { seq, at }: Stamp): void {
  // FOLD-105
  if (proposal.roll?.some((who) => who !== proposal.born.author) === true) return;
  if (NEVER_ALONE.has(proposal.act)) put(board, { ...proposal, state: 'fell', decided: { seq, at } });
  else if (!WAITS_ALONE.has(proposal.act)) pass(board, proposal, seq, at);
}

function settleIfAllVoted(board: Board, proposal: Proposal, { seq, at }: Stamp): void {
  const { roll, votes } = proposal;
  if (roll !== null && roll.length > 0 && votes.size === roll.length) settle(board, proposal, seq, at);
}

function settle(board: Board, proposal: Proposal, seq: number, at: number): void {
  // FOLD-107
  let agreed = 0;
  for (const choice of proposal.votes.values()) agreed += choice;
  if (agreed > 0 && 3 * agreed >= 2 * proposal.votes.size) pass(board, proposal, seq, at);
  else put(board, { ...proposal, state: 'fell', decided: { seq, at } });
}

/** A proposal's time has come, with the entry `seq` (FOLD-109). */
export function endPhase(board: Board, proposal: Proposal, seq: number): void {
  if (proposal.phase === 1) pass(board, proposal, seq, proposal.deadline);
  else settle(board, proposal, seq, proposal.deadline);
}

function pass(board: Board, proposal: Proposal, seq: number, at: number): void {
  // FOLD-113: what it changes in the space itself; boards get rulings.
  put(board, { ...proposal, state: 'passed', decided: { seq, at } });
  const known = board.decisions;
  switch (proposal.act) {
    case 'agreement':
      board.decisions = known.with({
        numbers: new Map([...known.numbers, ...proposal.values]),
        sections: new Map([...known.sections, ...proposal.words]),
      });
      return;
    case 'pause': {
      const until = Math.min(at + (proposal.values.get('minutes') ?? 0) * MINUTE_MS, LATEST);
      board.decisions = known.withPause(proposal.about, until, at);
      return;
    }
    case 'removeimage':
      board.decisions = known.with({ removed: new Map(known.removed).set(proposal.about, proposal.id) });
      return;
    case 'rename':
      if (proposal.board === board.space) board.title = proposal.words.get('title') ?? null;
      return;
    default:
      return;
  }
}

/** Time passes by the entry's own `at`; what it names was carried out (FOLD-112). */
export function applyTick(board: Board, seq: number, head: TickHead): Reason | null {
  if (board.board !== board.space) return 'wrong-board';
  for (const id of head.carried) {
    const proposal = board.decisions.proposals.get(id);
    if (proposal !== undefined && proposal.state === 'passed' && proposal.carried === 0) {
      put(board, { ...proposal, carried: seq });
    }
  }
  return null;
}

function put(board: Board, proposal: Proposal): Proposal {
  board.decisions = board.decisions.withProposal(proposal);
  return proposal;
}
