/** Nederlands: zonder naam. */
import type { door as english } from '../en/door';
import type { Said } from '../message';

export const door: Said<typeof english> = {
  'unnamed.heading': 'Een briefje zonder je naam',
  'unnamed.again': 'Jouw briefje zonder naam',
  'unnamed.text': 'Woorden',
  'unnamed.where': 'Waar',
  'unnamed.where.any': 'Waar plaats is',
  'unnamed.answers': 'Het antwoordt op: {what}',
  'unnamed.hint': 'Het komt zo vanzelf op het kleed, zodat niemand kan zien wie het schreef. Alleen dit apparaat weet dat het van jou is.',
  'unnamed.put': 'Leg het neer',
  'unnamed.say': 'Zeg het zo',
  'unnamed.take': 'Haal het weg',
  'unnamed.switch': 'Zonder mijn naam',
  'unnamed.switch.hint': 'Je schrijft elk nieuw briefje voor jezelf. Er staat “geen naam” bij.',
  'unnamed.waiting': {
    one: 'Een briefje zonder naam komt zo op het kleed, zodat niemand kan zien wie het schreef.',
    other: '{count} briefjes zonder naam komen een voor een op het kleed, zodat niemand kan zien wie ze schreef.',
  },
  'unnamed.callOff': 'Neem het terug',
  'unnamed.calledOff': 'Teruggenomen. Het lag nooit op het kleed.',
  'unnamed.nobody': 'Geen naam',
  'unnamed.aNobody': 'iemand zonder naam',
  'unnamed.asideSoon': 'Je briefje zonder naam gaat zo naar de kantlijn.',
  'unnamed.menu': 'Een briefje zonder mijn naam',
};
