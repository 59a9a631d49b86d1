/** Cymraeg: heb enw. */
import type { door as english } from '../en/door';
import type { Said } from '../message';

export const door: Said<typeof english> = {
  'unnamed.heading': 'Nodyn heb eich enw',
  'unnamed.again': 'Eich nodyn heb enw',
  'unnamed.text': 'Geiriau',
  'unnamed.where': 'Ble',
  'unnamed.where.any': 'Lle bynnag y mae lle',
  'unnamed.answers': 'Mae’n ateb: {what}',
  'unnamed.hint': 'Mae’n mynd ar y lliain ymhen ychydig, ar ei ben ei hun, fel na all neb ddweud pwy a’i ysgrifennodd. Dim ond y ddyfais hon sy’n gwybod mai chi biau ef.',
  'unnamed.put': 'Rhoi ar y lliain',
  'unnamed.say': 'Dweud fel hyn',
  'unnamed.take': 'Mynd ag ef i ffwrdd',
  'unnamed.switch': 'Heb fy enw',
  'unnamed.switch.hint': 'Rydych yn ysgrifennu pob nodyn newydd yn breifat. Mae’n dangos “dim enw”.',
  'unnamed.waiting': {
    zero: 'Nid oes nodyn heb enw yn aros.',
    one: 'Mae nodyn heb enw yn cyrraedd y lliain ymhen ychydig, fel na all neb ddweud pwy a’i ysgrifennodd.',
    two: 'Mae {count} nodyn heb enw yn cyrraedd y lliain, un ar y tro, fel na all neb ddweud pwy a’u hysgrifennodd.',
    few: 'Mae {count} nodyn heb enw yn cyrraedd y lliain, un ar y tro, fel na all neb ddweud pwy a’u hysgrifennodd.',
    many: 'Mae {count} nodyn heb enw yn cyrraedd y lliain, un ar y tro, fel na all neb ddweud pwy a’u hysgrifennodd.',
    other: 'Mae {count} nodyn heb enw yn cyrraedd y lliain, un ar y tro, fel na all neb ddweud pwy a’u hysgrifennodd.',
  },
  'unnamed.callOff': 'Ei gymryd yn ôl',
  'unnamed.calledOff': 'Wedi’i gymryd yn ôl. Ni fu erioed ar y lliain.',
  'unnamed.nobody': 'Dim enw',
  'unnamed.aNobody': 'rhywun heb enw',
  'unnamed.asideSoon': 'Mae eich nodyn heb enw yn mynd i’r ymyl ymhen ychydig.',
  'unnamed.menu': 'Nodyn heb fy enw',
};
