/**
 * From what others did to the sentences that are read out: summed up ("Ana wrote on 3 notes."), by what one wants to hear.
 */
import { t, tList } from '../i18n';
import type { Board } from '../sync/interface';
import { zoneOf } from '../outline/outline';
import { thingOf } from '../outline/things';
import type { Comings, Deed, Gathering, Happening, Tells } from './others';

function deedWords(deed: Deed, names: string, count: number): string {
  switch (deed) {
    case 'replied':
      return t('others.replied', { names, count });
    case 'added':
      return t('others.added', { names, count });
    case 'wrote':
      return t('others.wrote', { names, count });
    case 'changed':
      return t('others.changed', { names, count });
    case 'aside':
      return t('others.aside', { names, count });
    case 'back':
      return t('others.back', { names, count });
  }
}

/** The zone that an element lies in, or is; "" for the bare cloth and for what is not there. */
export function zoneIdOf(board: Board, id: string): string {
  const element = board.elements.get(id);
  if (element === undefined) return '';
  if (element.type === 'zone') return id;
  const zones = [...board.elements.values()].filter((one) => one.type === 'zone' && one.aside === null).map(thingOf);
  return zoneOf(thingOf(element), zones)?.id ?? '';
}

/** Whether something is what one wants to hear of. `stands`: the element that one is at; null for none. */
export function sieve(tells: Tells, board: Board, stands: string | null): (one: Happening) => boolean {
  if (tells === 'all') return () => true;
  if (tells === 'none') return () => false;
  if (tells === 'replies') return ({ isToMe }) => isToMe;
  const here = stands === null ? '' : zoneIdOf(board, stands);
  return ({ id, isToMe }) => isToMe || zoneIdOf(board, id) === here;
}

/** The sentences to say now; both gatherings begin anew. "" for nothing. */
export function tellingOf(
  gathering: Gathering,
  comings: Comings,
  tells: Tells,
  passes: (one: Happening) => boolean,
  calledOf: (author: string) => string,
): string {
  const named = (authors: Iterable<string>): string => tList([...new Set([...authors].map(calledOf))]);
  const words = gathering.take(passes).map(([deed, { authors, count }]) => deedWords(deed, named(authors), count));
  const { came, left } = comings.take();
  if (tells === 'all' && came.length > 0) words.unshift(t('others.came', { names: named(came) }));
  if (tells === 'all' && left.length > 0) words.push(t('others.left', { names: named(left) }));
  return words.join(' ');
}
