/** Snapshots come gzipped (PROTOCOL-12): the browser unpacks them, or fflate where it can't. */

import { gunzipSync } from 'fflate';

/** Most that a snapshot may hold: a server that sent more would freeze the page. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Unpacked bytes. Rejects if they are no gzip, or too many. */
export async function gunzip(data: Uint8Array): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') return gunzipSync(data);
  const stream = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.length;
    if (size > MAX_BYTES) throw new RangeError('the snapshot is too long');
    parts.push(step.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}
