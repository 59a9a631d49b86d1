/** The whole name of a thing on the cloth for screen readers: what it is and says, then its states. */
import { t } from '../i18n';
import type { Around } from '../sync/interface';
import type { BoardController } from './controller.svelte';
import { statesOf } from './naming';
import type { Shown } from './stage.svelte';

/** `writers`: who else writes in it now. */
export function labelOf(control: BoardController, shown: Shown, isUnsaved: boolean, writers: readonly Around[] = []): string {
  const called = (author: string): string => control.nameOf(author) || t('people.aSomebody');
  const names = [...new Set(writers.map(({ author }) => called(author)))];
  const states = statesOf(shown.item.element, { replies: shown.replies, writers: names, isUnsaved }, called, control.replica.now);
  const name = control.describe(shown.id);
  return states === '' ? name : `${name}, ${states}`;
}
