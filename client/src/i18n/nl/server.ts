/** Nederlands: what the server may say to a wish, in plain words. Keys: ../en/server.ts. */
import type { server as english } from '../en/server';
import type { Said } from '../message';

export const server: Said<typeof english> = {
  'told.away': 'De server is nu niet te bereiken. Probeer het zo weer.',
  'told.bad-title': 'Een titel is één regel. Schrijf er een.',
  'told.boards-full': 'Aan deze tafel kunnen geen borden meer bij.',
  'told.no-such-link': 'Deze link opent hier niets meer.',
  'told.picture-large': 'Deze afbeelding is te groot. Neem een kleinere.',
  'told.picture-unread': 'Dit bestand is niet als afbeelding te lezen.',
  'told.pictures-full': 'Aan deze tafel is geen plaats meer voor afbeeldingen.',
  'told.no-such-picture': 'Deze afbeelding is niet aan deze tafel.',
  'told.picture-waits': 'De afbeelding wacht op dit apparaat en volgt vanzelf.',
};
