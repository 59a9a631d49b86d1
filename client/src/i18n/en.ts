/**
 * English, the source of all keys (see catalogue.ts).
 *
 * How we speak (the house's rules): sentences of a dozen words; what happened, what was kept, what to do next; never
 * technical, never blaming. `{names}` in braces are filled in. Plural messages are chosen by `{count}`.
 */
import { arrange } from './en/arrange';
import { around } from './en/around';
import { board } from './en/board';
import { deciding } from './en/deciding';
import { door } from './en/door';
import { draw } from './en/draw';
import { keys } from './en/keys';
import { offline } from './en/offline';
import { outline } from './en/outline';
import { record } from './en/record';
import { room } from './en/room';
import { server } from './en/server';
import { start } from './en/start';
import { told } from './en/told';
import { whose } from './en/whose';

export const en = {
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
} as const;
