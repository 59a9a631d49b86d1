/** English: making things on the cloth: shapes, links, pens, pictures, words. How we speak: ../en.ts. */
import type { Message } from '../message';

export const draw = {
  'draw.tip': 'What draws',
  'draw.tip.pen': 'Pen',
  'draw.tip.highlighter': 'Highlighter',
  'draw.tip.eraser': 'Eraser',
  'draw.fingers': 'One finger draws',
  'draw.fingers.draw': 'One finger draws. Two move the cloth.',
  'draw.fingers.pan': 'One finger moves the cloth. The pen draws.',
  'draw.erased': { one: '{count} stroke is in the margin.', other: '{count} strokes are in the margin.' },
} as const satisfies Record<string, Message>;
