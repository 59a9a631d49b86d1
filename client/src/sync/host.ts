/** What the conversation about one board needs of its space, and the frames that it takes. */

import type { FromServer } from '../wire/types.ts';
import type { Http } from './http.ts';
import type { Told } from './interface.ts';
import type { Keeper } from './keeping.ts';

/** What a board needs of its space. */
export interface Host extends Keeper {
  readonly author: string;
  /** The log's clock in ms, as well as this device knows it. */
  clock(): number;
  readonly mayEdit: boolean;
  /** Unpack a snapshot. */
  unpack(data: Uint8Array): Promise<Uint8Array>;
  tell(told: Told): void;
  /** What is kept on the device may have changed. */
  kept(): void;
  /** Beside the WebSocket. */
  readonly http: Http;
  /** The server doesn't have a board, or less of it than this device. */
  lost(board: string): void;
  /** What came makes no sense: begin anew on a new connection. */
  reconnect(): void;
}

export type BoardFrame = Extract<FromServer, { t: 'opened' | 'snapshot' | 'entries' | 'tip' | 'ack' | 'refuse' | 'presence' }>;
