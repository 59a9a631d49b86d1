/**
 * From the board to what the outline knows: each element as a `Thing`, kept while the element is the same object.
 *
 * Elements are replaced when they change (core/board.ts), so a weak map from element to thing is always right, and an
 * outline of ten thousand notes reads only those that changed.
 */
import { wordsOn } from '../board/naming';
import type { Board, Element } from '../sync/interface';
import type { Box, Thing } from './outline';

const known = new WeakMap<Element, Thing>();

function number(element: Element, name: string): number {
  const value = element.prop(name);
  return typeof value === 'number' ? value : 0;
}

/** An id among the properties; "" for none, and for types that have no such property. */
function id(element: Element, name: string): string {
  const value = element.props.get(name);
  return typeof value === 'string' ? value : '';
}

function rectOf(element: Element): Box {
  const x = number(element, 'x');
  const y = number(element, 'y');
  switch (element.type) {
    case 'connector': {
      const [x2, y2] = [number(element, 'x2'), number(element, 'y2')];
      return { x: Math.min(x, x2), y: Math.min(y, y2), w: Math.abs(x2 - x), h: Math.abs(y2 - y) };
    }
    case 'ink':
      // Where the stroke begins is enough for an order; its points are not decoded for that.
      return { x, y, w: 0, h: 0 };
    default:
      return { x, y, w: number(element, 'w'), h: number(element, 'h') };
  }
}

export function thingOf(element: Element): Thing {
  const before = known.get(element);
  if (before !== undefined) return before;
  const thing: Thing = {
    id: element.id,
    type: element.type,
    ...rectOf(element),
    words: wordsOn(element),
    colour: element.type === 'image' ? '' : String(element.prop('colour')),
    from: id(element, 'from'),
    to: id(element, 'to'),
    re: id(element, 're'),
    group: id(element, 'group'),
    born: element.born.seq,
  };
  known.set(element, thing);
  return thing;
}

/** All that lies on the cloth. */
export function thingsOf(board: Board): Thing[] {
  const things: Thing[] = [];
  for (const element of board.elements.values()) if (element.aside === null) things.push(thingOf(element));
  return things;
}

/** What is set aside and holds anything, the latest first. A note that nobody ever wrote in needs no place in the margin. */
export function marginOf(board: Board): Element[] {
  return board.margin().filter((element) => element.type !== 'note' || element.texts.size > 0);
}
