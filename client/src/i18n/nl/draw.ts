/** Nederlands: making things on the cloth. Keys: ../en/draw.ts. */
import type { draw as english } from '../en/draw';
import type { Said } from '../message';

export const draw: Said<typeof english> = {
  'draw.tip': 'Waarmee je tekent',
  'draw.tip.pen': 'Pen',
  'draw.tip.highlighter': 'Markeerstift',
  'draw.tip.eraser': 'Gum',
  'draw.fingers': 'Eén vinger tekent',
  'draw.fingers.draw': 'Eén vinger tekent. Twee verschuiven het kleed.',
  'draw.fingers.pan': 'Eén vinger verschuift het kleed. De pen tekent.',
  'draw.erased': { one: '{count} streep ligt in de marge.', other: '{count} strepen liggen in de marge.' },
};
