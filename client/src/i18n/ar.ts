/** العربية. القواعد والمفاتيح في catalogue.ts و en.ts. لكل عدد صيغته في رسائل الجمع. */
import type { Catalogue } from './catalogue';
import { arrange } from './ar/arrange';
import { around } from './ar/around';
import { board } from './ar/board';
import { deciding } from './ar/deciding';
import { door } from './ar/door';
import { draw } from './ar/draw';
import { keys } from './ar/keys';
import { offline } from './ar/offline';
import { outline } from './ar/outline';
import { record } from './ar/record';
import { room } from './ar/room';
import { server } from './ar/server';
import { start } from './ar/start';
import { told } from './ar/told';
import { whose } from './ar/whose';

export const ar: Catalogue = {
  ...arrange,
  ...around,
  ...board,
  ...deciding,
  ...door,
  ...draw,
  ...keys,
  ...offline,
  ...outline,
  ...record,
  ...room,
  ...server,
  ...start,
  ...told,
  ...whose,
};
