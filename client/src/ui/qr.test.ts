import { expect, it } from 'vitest';
import { encode } from 'uqr';
import { qrPath } from './qr';

it('paints exactly the dark modules', () => {
  const link = 'http://192.168.0.7:8080/s/a-space-12345678#abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE';
  const { size, path } = qrPath(link);
  const dark = new Set<string>();
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(length); step += 1) dark.add(`${Number(x) + step},${y}`);
  }
  const { data } = encode(link, { ecc: 'M', border: 0 });
  const wanted = data.flatMap((row, y) => row.flatMap((cell, x) => (cell ? [`${x},${y}`] : [])));
  expect(size).toBe(data.length);
  expect([...dark].sort()).toEqual(wanted.sort());
});
