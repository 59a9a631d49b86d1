/**
 * Brings a record that the server lost back from this device (PROTOCOL-66, DESIGN §4.9).
 *
 * It is brought without asking: a server takes only what its own predecessor signed, and only where it has nothing or less of
 * the same, so nothing can be overwritten by it. What came of it is told.
 */

import { encode } from '@msgpack/msgpack';
import { Declined, type Http } from './http.ts';
import { joined } from './kept-log.ts';
import type { PendingStore, SpaceRecord } from './pending.ts';

const PATIENCE_MS = 120_000;

/**
 * `back`: the server has it again, from here. `there`: it has it, from somebody else. `later`: others bring theirs just now, or nobody
 * answered. `none`: nothing to bring, or not taken.
 */
export type Brought = 'back' | 'there' | 'later' | 'none';

export async function bringBack(store: PendingStore, http: Http, space: SpaceRecord, board: string): Promise<Brought> {
  const { links } = space;
  const records = await store.log(space.space, board).catch(() => []);
  const known = await store.tip(space.space, board).catch(() => null);
  if (links == null || known === null || (records.at(-1)?.to ?? 0) < known.tip.seq) return 'none';
  const { seq, at, chain, signature } = known.tip;
  const title = space.boards.find((one) => one.board === board)?.title ?? '';
  const said = encode({
    space_title: space.title || title,
    title: title || space.title,
    links,
    tip: [seq, at, chain, signature],
  });
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, said.length);
  const body = joined([size, said, ...records.map(({ data }) => data)]);
  try {
    const headers = { 'Content-Type': 'application/octet-stream' };
    await http.ask(`/boards/${board}/log`, { method: 'POST', body: body as BodyInit, headers }, PATIENCE_MS);
    return 'back';
  } catch (problem) {
    const code = problem instanceof Declined ? problem.code : '';
    if (code === 'told.record-there') return 'there';
    return code === 'told.slow-down' || code === 'told.away' ? 'later' : 'none';
  }
}
