/** What the panel of changes that did not fit says of each: what one wanted, and what is there now. */
import type { Board, Element, Value } from '../core/board';
import { colourName, wordsOn } from '../board/naming';
import { t } from '../i18n';
import type { Missed } from '../sync/interface';

const PLACE = new Set(['x', 'y', 'x2', 'y2']);
const SIZE = new Set(['w', 'h', 'scale']);
const ENDS = new Set(['from', 'to']);
const COLOURS = new Set(['colour', 'fill']);

export interface MissedRow {
  readonly yours: string;
  readonly now: string;
  /** Who made it what it is now; "" if that is not told. */
  readonly by: string;
}

function kindOf(name: string): 'place' | 'size' | 'ends' | 'order' | 'look' | 'colour' {
  if (PLACE.has(name)) return 'place';
  if (SIZE.has(name)) return 'size';
  if (ENDS.has(name)) return 'ends';
  if (name === 'order') return 'order';
  return COLOURS.has(name) ? 'colour' : 'look';
}

function rowOf(kind: ReturnType<typeof kindOf>, wanted: Value | undefined, is: Value | undefined): Omit<MissedRow, 'by'> {
  switch (kind) {
    case 'place':
      return { yours: t('missed.place'), now: t('missed.placeNow') };
    case 'size':
      return { yours: t('missed.size'), now: t('missed.sizeNow') };
    case 'ends':
      return { yours: t('missed.ends'), now: t('missed.endsNow') };
    case 'order':
      return { yours: t('missed.order'), now: t('missed.orderNow') };
    case 'colour':
      return { yours: colourName(String(wanted)), now: colourName(String(is)) };
    case 'look':
      return { yours: t('missed.look.yours'), now: t('missed.look.now') };
  }
}

/** One row for each kind of change; what several properties say together (a place) is one. */
export function rowsOf(missed: Missed, board: Board): MissedRow[] {
  const element = board.elements.get(missed.element);
  const rows: MissedRow[] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(missed.values)) {
    const kind = kindOf(name);
    const key = kind === 'colour' ? name : kind;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push({ ...rowOf(kind, value, element?.prop(name)), by: element?.stamp(name).author ?? '' });
  }
  for (const [name, said] of Object.entries(missed.said)) {
    rows.push({ yours: said, now: element?.words.get(name) ?? '', by: element?.stamp(name).author ?? '' });
  }
  if (missed.words !== '') rows.push({ yours: missed.words, now: element === undefined ? '' : wordsOn(element), by: '' });
  return rows;
}

/** Whether something that is on the cloth can take it as it is. Words that found no place go on a note of their own. */
export function canPut(missed: Missed, element: Element | undefined): boolean {
  return element !== undefined && Object.keys(missed.values).length + Object.keys(missed.said).length > 0;
}
