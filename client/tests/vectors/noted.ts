// Where the shared vectors lie, and the note that one was run (scripts/cross_check.py reads it).

import { appendFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const vectors = join(root, 'schemas', 'vectors');
const notes = join(root, '.build', 'reports', 'vectors-client.txt');

/** The vector files of a folder under schemas/vectors, in order, as paths relative to schemas/vectors. */
export function vectorFiles(folder = ''): string[] {
  const pattern = folder === '' ? '**/*.json' : `${folder}/**/*.json`;
  return globSync(pattern, { cwd: vectors })
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/** What a vector file holds; notes that it was run. */
export function readVector(path: string): unknown {
  mkdirSync(dirname(notes), { recursive: true });
  appendFileSync(notes, `${path}\n`);
  return JSON.parse(readFileSync(join(vectors, path), 'utf8'));
}
