/**
 * Time in the fold: an entry's own, never a clock's (FOLD-109, FOLD-110). Mirrors `core/deadlines.py`.
 *
 * Before an entry is folded, every deadline up to its time fires, in the order of (deadline, id). A gap of more than ten
 * minutes says that nobody could have objected, and the open deadlines stand still until somebody resumes.
 */

import type { Board } from './board.ts';
import { HOLD_MS } from './limits.ts';
import { endPhase } from './proposals.ts';

/** Let what falls due up to `at` happen; `before`: the time of the entry before, `seq`: of this one. */
export function passTime(board: Board, before: number, at: number, seq: number): void {
  const all = [...board.decisions.proposals.values()];
  const waiting = all.filter((proposal) => proposal.state === 'open' && proposal.held === null);
  if (waiting.length === 0) return;
  if (at - before > HOLD_MS) {
    for (const proposal of waiting) {
      board.decisions = board.decisions.withProposal({ ...proposal, held: before });
    }
    return;
  }
  waiting.sort((one, two) => one.deadline - two.deadline || (one.id < two.id ? -1 : 1));
  for (const proposal of waiting) {
    if (proposal.deadline > at) return;
    endPhase(board, proposal, seq);
  }
}
