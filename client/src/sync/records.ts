/** Groups as this device keeps them, and back. */

import type { Group, Item } from './outbox.ts';
import type { GroupRecord, ItemRecord } from './pending.ts';

/** A group as it is kept; `seq`: of the board as it is folded now, which its words stand over. */
export function groupOut(group: Group, space: string, board: string, tab: string, seq: number): GroupRecord {
  const { rank, session, n, size, unfolded } = group;
  const items = group.items.map(({ edit, change, over, isPlaced }): ItemRecord => {
    return { edit, change, over: isPlaced ? seq : over };
  });
  // A group that is to be written anew has no number any more.
  const isFresh = group.state === 'new' || group.state === 'stale';
  return { space, board, tab, rank, session, n: isFresh ? null : n, size, unfolded, items };
}

/** A kept group, as one that may or may not have reached the log. */
export function groupIn(record: GroupRecord): Group {
  const { rank, session, n, size, unfolded } = record;
  const items = record.items.map((item): Item => ({ ...item, isPlaced: item.edit.kind !== 'text' }));
  return { rank, session, n, state: n === null ? 'new' : 'again', items, size, unfolded };
}
