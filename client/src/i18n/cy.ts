/** Cymraeg. Rheolau ac allweddi: gweler catalogue.ts ac en.ts. Mae'r treigladau ar ôl rhifau yn y ffurfiau lluosog. */
import type { Catalogue } from './catalogue';
import { arrange } from './cy/arrange';
import { around } from './cy/around';
import { board } from './cy/board';
import { deciding } from './cy/deciding';
import { door } from './cy/door';
import { draw } from './cy/draw';
import { keys } from './cy/keys';
import { offline } from './cy/offline';
import { outline } from './cy/outline';
import { record } from './cy/record';
import { room } from './cy/room';
import { server } from './cy/server';
import { start } from './cy/start';
import { told } from './cy/told';
import { whose } from './cy/whose';

export const cy: Catalogue = {
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
