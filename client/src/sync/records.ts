/** Groups as this device keeps them, and back. */

import type { Board } from '../core/board.ts';
import type { Group, Item } from './outbox.ts';
import type { GroupRecord, ItemRecord } from './pending.ts';

/** A group as it is kept; its words stand over the board as it is folded now. */
export function groupOut(group: Group, { space, board, seq, chain }: Board, tab: string): GroupRecord {
  const { rank, session, n, size, unfolded } = group;
  const items = group.items.map(({ edit, change, waitsFor }): ItemRecord => {
    return { edit, change, over: waitsFor ?? { seq, chain } };
  });
  // A group that is to be written anew has no number any more.
  const isFresh = group.state === 'new' || group.state === 'stale';
  return { space, board, tab, rank, session, n: isFresh ? null : n, size, unfolded, items };
}

/** A kept group, as one that may or may not have reached the log. */
export function groupIn(record: GroupRecord): Group {
  const { rank, session, n, size, unfolded } = record;
  const items = record.items.map(({ edit, change, over }): Item => {
    return { edit, change, waitsFor: edit.kind === 'text' ? over : null };
  });
  return { rank, session, n, state: n === null ? 'new' : 'again', items, size, unfolded };
}
