/**
 * Where carets of others stand in words that the page has laid out: boxes in the coordinates of the element around them.
 *
 * A Range over one text node answers for any script and wrapping, both directions included, with no mark put into the
 * words themselves (which would tear Arabic letters apart). Reads layout: call it when words or carets changed, not
 * at every frame.
 */
import type { Around } from '../sync/interface';
import { lookOf, type PersonColour } from '../ui/person';
import { toUnits } from './splice';

export interface CaretBox {
  readonly who: string;
  readonly author: string;
  readonly colour: PersonColour;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** What is selected, as rectangles. */
  readonly chosen: readonly { readonly x: number; readonly y: number; readonly w: number; readonly h: number }[];
}

/** Others who write in this field, by connection. */
export function writersIn(around: Iterable<Around>, element: string, field: string): Around[] {
  const found: Around[] = [];
  for (const one of around) if (one.caret?.element === element && one.caret.field === field) found.push(one);
  return found;
}

/** Everybody who writes, by the element whose `text` they write. */
export function writersByElement(around: Iterable<Around>): ReadonlyMap<string, readonly Around[]> {
  const writers = new Map<string, Around[]>();
  for (const one of around) {
    if (one.caret?.field !== 'text') continue;
    const here = writers.get(one.caret.element);
    if (here === undefined) writers.set(one.caret.element, [one]);
    else here.push(one);
  }
  return writers;
}

interface Spot {
  readonly node: Text;
  readonly at: number;
}

/** Where a place in the words is on the page: in the holder's only text node, or in the one that says it begins before it. */
function spotFinder(holder: HTMLElement): ((unit: number) => Spot) | null {
  const only = holder.firstChild;
  if (only instanceof Text) return (unit) => ({ node: only, at: Math.min(unit, only.length) });
  const spots = [...holder.querySelectorAll<HTMLElement>('[data-at]')].flatMap((part) =>
    part.firstChild instanceof Text ? [{ node: part.firstChild, from: Number(part.dataset['at']) }] : [],
  );
  const [first] = spots;
  if (first === undefined) return null;
  return (unit) => {
    const { node, from } = spots.findLast((spot) => spot.from <= unit) ?? first;
    return { node, at: Math.max(0, Math.min(unit - from, node.length)) };
  };
}

/**
 * Boxes for the carets of `others` in `holder`, which shows `words` (one more sign may follow): as its only text node, or in parts that say
 * where they begin (Words.svelte). `scale`: screen pixels per unit of the holder's own coordinates.
 */
export function caretBoxes(holder: HTMLElement, words: string, others: readonly Around[], scale: number): CaretBox[] {
  const spotOf = others.length === 0 ? null : spotFinder(holder);
  if (spotOf === null) return [];
  const origin = holder.getBoundingClientRect();
  const range = document.createRange();
  const boxes: CaretBox[] = [];
  for (const { who, author, caret } of others) {
    if (caret === null) continue;
    const [anchor, head] = [toUnits(words, caret.anchor), toUnits(words, caret.head)];
    const spot = spotOf(head);
    const at = caretRect(range, spot.node, spot.at);
    if (at === null) continue;
    const [from, to] = [spotOf(Math.min(anchor, head)), spotOf(Math.max(anchor, head))];
    range.setStart(from.node, from.at);
    range.setEnd(to.node, to.at);
    const chosen = anchor === head ? [] : [...range.getClientRects()].slice(0, 200);
    boxes.push({
      who,
      author,
      colour: lookOf(author).colour,
      x: (at.x - origin.left) / scale,
      y: (at.y - origin.top) / scale,
      height: at.height / scale,
      chosen: chosen.map((rect) => ({
        x: (rect.left - origin.left) / scale,
        y: (rect.top - origin.top) / scale,
        w: rect.width / scale,
        h: rect.height / scale,
      })),
    });
  }
  return boxes;
}

/** The line of a caret. Collapsed ranges have no rectangle behind a newline: there the next or the last sign tells. */
function caretRect(range: Range, node: Text, at: number): { x: number; y: number; height: number } | null {
  const text = node.data;
  const behindNewline = at > 0 && text[at - 1] === '\n';
  if (at < text.length && (behindNewline || at === 0)) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const next = range.getClientRects()[0];
    if (next !== undefined) return { x: isRightToLeft(text, at) ? next.right : next.left, y: next.top, height: next.height };
  }
  range.setStart(node, at);
  range.setEnd(node, at);
  const rect = [...range.getClientRects()].at(-1);
  return rect === undefined ? null : { x: rect.left, y: rect.top, height: rect.height };
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

function isRightToLeft(text: string, at: number): boolean {
  return RIGHT_TO_LEFT.test(text[at] ?? '');
}
