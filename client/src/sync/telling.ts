/** What a person hears of edits that did not apply, with what was kept; and what they need not hear of. */

import type { Told } from './interface.ts';
import type { Item } from './outbox.ts';

/** No-ops that lose nothing when the edit is written anew (FOLD-35). At the door: `rebase`. */
export const REWRITTEN: ReadonlySet<string> = new Set(['hole', 'old-base', 'future-base']);

/** What the log had already, or what two people wanted alike. */
const SILENT: ReadonlySet<string> = new Set(['repeat', 'not-aside', 'not-locked', 'exists']);

/** Why these did not apply (a reason of FOLD or a code of PROTOCOL-23), in one piece. */
export function toldOf(code: string, items: readonly Item[]): Told[] {
  if (SILENT.has(code)) return [];
  const news = items.filter((item) => code !== 'aside' || item.edit.kind !== 'set-aside');
  if (news.length === 0) return [];
  const elements = new Set(news.map((item) => item.edit.element));
  const [element = null] = elements.size === 1 ? elements : [];
  const kept = news.map(wordsOf).filter((words) => words !== '');
  return [{ code: `told.${code}`, element, kept: kept.join('\n') }];
}

function wordsOf({ edit, change }: Item): string {
  if (edit.kind === 'text') return change.words;
  if (edit.kind === 'vary') return edit.inserted;
  if (edit.kind === 'set') return [...edit.words.values()].join('\n');
  return edit.kind === 'set-aside' || edit.kind === 'lock' ? edit.why : '';
}
