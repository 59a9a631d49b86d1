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

/**
 * Boxes for the carets of `others` in `holder`, whose only text node holds `words` (one more sign may follow).
 * `scale`: screen pixels per unit of the holder's own coordinates.
 */
export function caretBoxes(holder: HTMLElement, words: string, others: readonly Around[], scale: number): CaretBox[] {
  const node = holder.firstChild;
  if (!(node instanceof Text) || others.length === 0) return [];
  const origin = holder.getBoundingClientRect();
  const range = document.createRange();
  const boxes: CaretBox[] = [];
  for (const { who, author, caret } of others) {
    if (caret === null) continue;
    const unit = (points: number): number => Math.min(toUnits(words, points), node.length);
    const [anchor, head] = [unit(caret.anchor), unit(caret.head)];
    const at = caretRect(range, node, head);
    if (at === null) continue;
    range.setStart(node, Math.min(anchor, head));
    range.setEnd(node, Math.max(anchor, head));
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
