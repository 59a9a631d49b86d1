/** What is proposed and decided, as sentences. Reads runes, so flags follow a new name or language. */

import type { Proposal } from '../../core/decisions';
import { t, tKnown } from '../../i18n';
import type { Table } from '../table.svelte';

/** What of the room somebody may be asked, and about what. */
export interface Asking {
  readonly act: 'close' | 'reopen' | 'rename' | 'restore' | 'clear' | 'pause' | 'removeimage';
  readonly board?: string;
  readonly about?: string;
  readonly elements?: readonly string[];
  /** What it is called, for the heading. */
  readonly called?: string;
}

function boardName(table: Table, board: string): string {
  if (board === table.client.space) return table.title;
  return table.boards.find((one) => one.board === board)?.title || t('bar.untitled');
}

/** What a proposal would do: "close the board “Table 2”". */
export function whatOf(table: Table, proposal: Proposal): string {
  const board = boardName(table, proposal.board);
  switch (proposal.act) {
    case 'clear':
      return t('decide.act.clear', { count: proposal.elements.length, board });
    case 'pause':
      return t('decide.act.pause', { name: table.calledOf(proposal.about), count: proposal.values.get('minutes') ?? 0 });
    case 'rename':
      return t(proposal.board === table.client.space ? 'decide.act.renameSpace' : 'decide.act.rename', {
        board,
        title: proposal.words.get('title') ?? '',
      });
    default:
      return t(tKnown(`decide.act.${proposal.act}`) === null ? 'decide.act.other' : (`decide.act.${proposal.act}` as 'decide.act.close'), { board });
  }
}

/** The clock time of a moment of the log. */
export function clockOf(at: number): string {
  return new Date(at).toLocaleTimeString(document.documentElement.lang || undefined, { hour: '2-digit', minute: '2-digit' });
}

/** What is left, as m:ss. */
export function leftOf(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
