/**
 * What the bar says about one's changes: a short word, a sentence, and how calm one may be. Never "Saved" while anything is
 * only on this device (PROTOCOL-22).
 */
import { t } from '../i18n';
import type { Status } from '../sync/interface';

export type Mood = 'good' | 'busy' | 'away';

export interface StatusWords {
  readonly mood: Mood;
  readonly short: string;
  /** Without the count, where there is no room: it stands in the line below the bar then. */
  readonly shortest: string;
  readonly long: string;
}

/** Whether the connection is gone, for longer than a blink or for good. */
export function isAway(status: Status): boolean {
  return status.kind === 'reconnecting' || status.kind === 'offline' || status.kind === 'gone';
}

function away(status: Extract<Status, { pending: number }>): Omit<StatusWords, 'mood' | 'short'> {
  const { kind, pending: count } = status;
  const none = count === 0;
  if (!none && status.kept === 'page') return { shortest: t('status.page', { count }), long: t('status.page.long', { count }) };
  switch (kind) {
    case 'offline':
      return {
        shortest: t('status.offline'),
        long: none ? t('status.offline.none') : t('status.offline.long', { count }),
      };
    case 'gone':
      return {
        shortest: t('status.gone'),
        long: none ? t('status.gone.none') : t('status.gone.long', { count }),
      };
    default:
      return {
        shortest: t('status.reconnecting'),
        long: none ? t('status.away.none') : t('status.away', { count }),
      };
  }
}

/** "3 changes only on this device": never that, unless the device has said that it has them. */
function pendingWords({ pending: count, kept }: Extract<Status, { pending: number }>): string {
  return kept === 'page' ? t('status.page', { count }) : t('status.pending', { count });
}

/** Where what is pending is kept, or that nothing is: for what looks at the page from outside. */
export function keptOf(status: Status): string {
  return 'kept' in status && status.pending > 0 ? status.kept : 'server';
}

function calm(mood: Mood, short: string, long: string): StatusWords {
  return { mood, short, shortest: short, long };
}

/** The words for a status. `isSlow`: changes have been on their way for longer than one waits without wondering. */
export function statusWords(status: Status, isSlow: boolean, mayEdit: boolean): StatusWords {
  switch (status.kind) {
    case 'connecting':
      return calm('busy', t('status.connecting'), t('status.connecting.long'));
    case 'saved':
      return mayEdit
        ? calm('good', t('status.saved'), t('status.saved.long'))
        : calm('good', t('status.view'), t('join.looking'));
    case 'saving': {
      const count = status.pending;
      const short = isSlow ? pendingWords(status) : t('status.saving');
      return calm('busy', short, t('status.saving.long', { count }));
    }
    default: {
      const words = away(status);
      const short = status.pending === 0 ? words.shortest : pendingWords(status);
      return { mood: 'away', short, ...words };
    }
  }
}
