/** Cymraeg: what the server may say to a wish, in plain words. Keys: ../en/server.ts. */
import type { server as english } from '../en/server';
import type { Said } from '../message';

export const server: Said<typeof english> = {
  'told.away': 'Nid oes modd cyrraedd y gweinydd nawr. Rhowch gynnig arall arni cyn hir.',
  'told.bad-title': 'Un llinell yw teitl. Ysgrifennwch un.',
  'told.boards-full': 'Mae cymaint o fyrddau ag sy’n bosibl yma.',
  'told.no-such-link': 'Nid yw’r ddolen hon yn agor dim yma bellach.',
  'told.picture-large': 'Mae’r llun hwn yn rhy fawr. Dewiswch un llai.',
  'told.picture-unread': 'Nid oedd modd darllen y ffeil hon fel llun.',
  'told.pictures-full': 'Nid oes rhagor o le i luniau wrth y bwrdd hwn.',
  'told.no-such-picture': 'Nid yw’r llun hwn wrth y bwrdd hwn.',
  'told.picture-waits': 'Mae’r llun yn aros ar y ddyfais hon ac yn dilyn ar ei ben ei hun.',
};
