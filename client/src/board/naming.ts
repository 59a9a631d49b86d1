/** What things on the cloth are called, for screen readers, announcements and menus: always the same words for the same thing. */
import type { Element, Lock } from '../core/board';
import { typeOf } from '../core/elements';
import { PLACEHOLDER } from '../core/text';
import { t, tKnown, tList, tWhen } from '../i18n';
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

function name(element: Element, of: string): string {
  const value = element.props.get(of) ?? typeOf(element.type).props.get(of)?.default;
  return typeof value === 'string' ? value : '';
}

/** Words as they are shown: what was withdrawn is named once, however long it was. */
export function seenWords(words: string): string {
  return words.includes(PLACEHOLDER) ? words.replace(/\ufffc+/gu, `[${t('whose.withdrawn')}]`) : words;
}

/** "Ours", "Ask me", "Mine". */
export function whoseName(whose: string): string {
  return tKnown(`whose.${whose}`) ?? t('whose.ours');
}

/** What stands on it: its words, or what somebody said that it shows. */
export function wordsOn(element: Element): string {
  return typeOf(element.type).words.includes('alt') ? altOf(element) : seenWords(element.text());
}

function altOf(element: Element): string {
  const alt = element.words.get('alt');
  return alt === null ? `[${t('whose.withdrawn')}]` : (alt ?? '');
}

/** The thing by its words alone: "A door that I can lock"; by its kind, if it has none. */
export function calledShort(element: Element | undefined): string {
  if (element === undefined) return t('outline.link.nowhere');
  const words = wordsOn(element);
  if (words.trim() !== '') return inShort(words, FEW_WORDS);
  switch (element.type) {
    case 'zone':
      return t('outline.zone.unnamed');
    case 'ink':
      return t('outline.drawing', { colour: colourName(nameOf(element, 'colour')) });
    case 'shape':
      return formName(name(element, 'form'));
    case 'image':
      return t('name.image.bare');
    case 'connector':
      return t('kind.connector');
    default:
      return t('outline.note.empty');
  }
}

export function formName(form: string): string {
  return tKnown(`form.${form}`) ?? t('form.rectangle');
}

/** A meaning of connectors as one reads it between its ends, here without them. */
export function meaningName(meaning: string): string {
  return tKnown(`meaning.${meaning}`) ?? t('meaning.link');
}

/** What a connector says, without its words: "A door leads to A garden". */
function relation(element: Element, find: (id: string) => Element | undefined): string {
  const [a, b] = [name(element, 'from'), name(element, 'to')];
  const head = name(element, 'head');
  if (a === '' && b === '') return head === 'none' ? t('sentence.line') : t('sentence.arrow');
  const ends = { from: calledShort(find(a)), to: calledShort(find(b)) };
  switch (name(element, 'meaning')) {
    case 'supports':
      return t('sentence.supports', ends);
    case 'against':
      return t('sentence.against', ends);
    case 'part':
      return t('sentence.part', ends);
    case 'same':
      return t('sentence.same', ends);
    case 'leads':
      return t('outline.link.to', ends);
    default:
      return head === 'none' ? t('sentence.joined', ends) : head === 'both' ? t('sentence.both', ends) : t('outline.link.to', ends);
  }
}

/** A connector as a sentence, its words after it: "A door leads to A garden: through the yard". */
export function sentenceOf(element: Element, find: (id: string) => Element | undefined): string {
  const sentence = relation(element, find);
  const words = inShort(element.text(), MOST_WORDS);
  return words === '' ? sentence : t('sentence.words', { sentence, words });
}

/** The whole name: "Note, lemon: A door that I can lock". `find` answers what a connector joins. */
export function called(element: Element, find: (id: string) => Element | undefined): string {
  const colour = element.type === 'image' ? '' : colourName(nameOf(element, 'colour'));
  const words = inShort(wordsOn(element), MOST_WORDS);
  switch (element.type) {
    case 'note':
      if (name(element, 're') !== '' && words !== '') return t('name.reply', { colour, words });
      return words === '' ? t('board.name.note.empty', { colour }) : t('board.name.note', { colour, words });
    case 'zone':
      return words === '' ? t('outline.zone.unnamed') : t('board.name.zone', { words });
    case 'ink':
      return words === '' ? t('outline.drawing', { colour }) : t('board.name.ink', { colour, words });
    case 'shape': {
      const form = formName(name(element, 'form'));
      return words === '' ? t('name.shape.bare', { form, colour }) : t('name.shape', { form, colour, words });
    }
    case 'image':
      return words === '' ? t('name.image.bare') : t('name.image', { words });
    default:
      return sentenceOf(element, find);
  }
}

/** What more there is to say of a thing than what it is called; each part a few words. */
export interface State {
  readonly replies: number;
  /** Who else writes in it now, by name. */
  readonly writers: readonly string[];
  readonly isUnsaved: boolean;
}

/** The lease that holds a thing in its place at `now` (ms), if one does (FOLD-52). */
export function lockOf(element: Element | undefined, now: number): Lock | null {
  return element?.isLocked(now) === true ? element.lock : null;
}

/** "2 replies, held by Ana until 15:20, Ben is writing": after the name, to screen readers. "" if there is nothing to say. */
export function statesOf(element: Element, state: State, nameBy: (author: string) => string, now: number): string {
  const parts: string[] = [];
  if (state.replies > 0) parts.push(t('name.replies', { count: state.replies }));
  const lock = lockOf(element, now);
  if (lock !== null) parts.push(t('name.locked', { name: nameBy(lock.stamp.author), when: tWhen(lock.until, now) }));
  if (lock?.why) parts.push(lock.why);
  if (state.writers.length > 0) parts.push(t('outline.writing', { names: tList(state.writers) }));
  if (state.isUnsaved) parts.push(t('board.unsaved'));
  return parts.join(', ');
}
