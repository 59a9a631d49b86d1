/**
 * A QR code as one SVG path: modules of 1 by 1 in a box of `size`, without a border.
 *
 * Runs of dark modules in a row become one rectangle, so that no hairlines show between them when it is scaled.
 */
import { encode } from 'uqr';

export interface QrPath {
  readonly size: number;
  readonly path: string;
}

/** The code for a text. Medium correction: a projector's glare or a crumpled print must not matter. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const runs: string[] = [];
  data.forEach((row, y) => {
    let start = -1;
    for (let x = 0; x <= row.length; x += 1) {
      const dark = row[x] === true;
      if (dark && start < 0) start = x;
      if (!dark && start >= 0) {
        runs.push(`M${start} ${y}h${x - start}v1h${start - x}z`);
        start = -1;
      }
    }
  });
  return { size, path: runs.join('') };
}
