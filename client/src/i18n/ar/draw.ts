/** العربية: making things on the cloth. Keys: ../en/draw.ts. */
import type { draw as english } from '../en/draw';
import type { Said } from '../message';

export const draw: Said<typeof english> = {
  'draw.tip': 'ما ترسم به',
  'draw.tip.pen': 'قلم',
  'draw.tip.highlighter': 'قلم تظليل',
  'draw.tip.eraser': 'ممحاة',
  'draw.fingers': 'إصبع واحد يرسم',
  'draw.fingers.draw': 'إصبع واحد يرسم، واثنان يحرّكان المفرش.',
  'draw.fingers.pan': 'إصبع واحد يحرّك المفرش، والقلم يرسم.',
  'draw.erased': { zero: 'لا خطوط في الهامش.', one: 'خط واحد في الهامش.', two: 'خطان في الهامش.', few: '{count} خطوط في الهامش.', many: '{count} خطًا في الهامش.', other: '{count} خط في الهامش.' },
};
