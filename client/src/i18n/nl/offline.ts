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
};
