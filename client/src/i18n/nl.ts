/** Nederlands. Regels en sleutels: zie catalogue.ts en en.ts. */
import type { Catalogue } from './catalogue';
import { arrange } from './nl/arrange';
import { around } from './nl/around';
import { board } from './nl/board';
import { deciding } from './nl/deciding';
import { door } from './nl/door';
import { draw } from './nl/draw';
import { keys } from './nl/keys';
import { offline } from './nl/offline';
import { outline } from './nl/outline';
import { record } from './nl/record';
import { room } from './nl/room';
import { server } from './nl/server';
import { start } from './nl/start';
import { told } from './nl/told';
import { whose } from './nl/whose';

export const nl: Catalogue = {
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
