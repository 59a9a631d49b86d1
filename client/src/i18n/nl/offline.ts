/** Nederlands: what is only here, and what did not fit when one came back. Keys: ../en/offline.ts. */
import type { offline as english } from '../en/offline';
import type { Said } from '../message';

export const offline: Said<typeof english> = {
  'status.page': {
    one: '{count} wijziging alleen op deze pagina',
    other: '{count} wijzigingen alleen op deze pagina',
  },
  'status.page.long': {
    one: 'Deze browser bewaart niets. Laat de pagina open tot {count} wijziging bewaard is.',
    other: 'Deze browser bewaart niets. Laat de pagina open tot {count} wijzigingen bewaard zijn.',
  },
  'missed.bar': {
    one: '{count} wijziging van toen je weg was paste niet.',
    other: '{count} wijzigingen van toen je weg was pasten niet.',
  },
  'missed.look': 'Bekijk ze',
  'missed.heading': 'Van toen je weg was',
  'missed.intro': 'Anderen waren je voor. Niets moet; jij kiest voor elk.',
  'missed.yours': 'Van jou',
  'missed.now': 'Er staat nu',
  'missed.by': '{what}, door {name}',
  'missed.put': 'Zet de mijne',
  'missed.leave': 'Laat het zo',
  'missed.leaveAll': 'Laat alles zo',
  'missed.note': 'Zet als notitie',
  'missed.none': 'Dat was alles. Hier wacht niets meer.',
  'missed.didPut': 'De jouwe staat er nu.',
  'missed.didLeave': 'Het blijft zoals het is.',
  'missed.copy': 'Kopieer je woorden',
  'missed.gone': 'Iets dat niet meer op dit kleed ligt',
  'missed.place': 'Een andere plek',
  'missed.placeNow': 'Waar het nu ligt',
  'missed.size': 'Een andere grootte',
  'missed.sizeNow': 'Zo groot als het nu is',
  'missed.order': 'Een andere plek in de stapel',
  'missed.orderNow': 'Waar het nu in de stapel ligt',
  'missed.ends': 'Andere uiteinden',
  'missed.endsNow': 'Van waar naar waar het nu leidt',
  'missed.look.yours': 'Een ander uiterlijk',
  'missed.look.now': 'Zoals het er nu uitziet',
  'missed.margin': 'Het is opzijgelegd',
};
