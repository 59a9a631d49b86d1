/** What things on the cloth are called, for screen readers, announcements and menus: always the same words for the same thing. */
import { t, tKnown } from '../i18n';
import type { Element } from '../core/board';
import { nameOf } from './scene';

/** A name holds all the words that are seen (WCAG 2.5.3), up to what nobody would listen to. */
const MOST_WORDS = 5000;
const FEW_WORDS = 60;

export function colourName(colour: string): string {
  return tKnown(`colour.${colour}`) ?? colour;
}

/** Words on one line, cut at a length that a name can have. */
export function inShort(words: string, most: number): string {
  const line = words.replace(/\s+/gu, ' ').trim();
  const signs = [...line];
  return signs.length <= most ? line : `${signs.slice(0, most - 1).join('')}…`;
}

/** The thing by its words alone: "A door that I can lock"; by its kind, if it has none. */
export function calledShort(element: Element | undefined): string {
  if (element === undefined) return t('outline.link.nowhere');
  const words = element.type === 'ink' ? (element.words.get('alt') ?? '') : element.text();
  if (words.trim() !== '') return inShort(words, FEW_WORDS);
  switch (element.type) {
    case 'zone':
      return t('outline.zone.unnamed');
    case 'ink':
      return t('outline.drawing', { colour: colourName(nameOf(element, 'colour')) });
    case 'connector':
      return t('kind.connector');
    default:
      return t('outline.note.empty');
  }
}

/** The whole name: "Note, lemon: A door that I can lock". `find` answers what a connector joins. */
export function called(element: Element, find: (id: string) => Element | undefined): string {
  const colour = colourName(nameOf(element, 'colour'));
  const words = inShort(element.type === 'ink' ? (element.words.get('alt') ?? '') : element.text(), MOST_WORDS);
  switch (element.type) {
    case 'note':
      return words === '' ? t('board.name.note.empty', { colour }) : t('board.name.note', { colour, words });
    case 'zone':
      return words === '' ? t('outline.zone.unnamed') : t('board.name.zone', { words });
    case 'ink':
      return words === '' ? t('outline.drawing', { colour }) : t('board.name.ink', { colour, words });
    default: {
      const from = calledShort(find(nameOf(element, 'from')));
      const to = calledShort(find(nameOf(element, 'to')));
      return words === '' ? t('outline.link.to', { from, to }) : t('board.name.connector', { from, to, words });
    }
  }
}
