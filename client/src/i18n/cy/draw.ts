/** Cymraeg: making things on the cloth. Keys: ../en/draw.ts. */
import type { draw as english } from '../en/draw';
import type { Said } from '../message';

export const draw: Said<typeof english> = {
  'draw.tip': 'Beth sy’n tynnu llun',
  'draw.tip.pen': 'Pen',
  'draw.tip.highlighter': 'Amlygwr',
  'draw.tip.eraser': 'Rhwbiwr',
  'draw.fingers': 'Un bys yn tynnu llun',
  'draw.fingers.draw': 'Mae un bys yn tynnu llun. Mae dau yn symud y lliain.',
  'draw.fingers.pan': 'Mae un bys yn symud y lliain. Y pen sy’n tynnu llun.',
  'draw.erased': { zero: 'Does dim strôc yn yr ymyl.', one: 'Mae {count} strôc yn yr ymyl.', two: 'Mae {count} strôc yn yr ymyl.', few: 'Mae {count} strôc yn yr ymyl.', many: 'Mae {count} strôc yn yr ymyl.', other: 'Mae {count} strôc yn yr ymyl.' },
};
