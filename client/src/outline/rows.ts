/**
 * From the tree to the rows that stand on the screen: what is folded away is left out, and so is what a search does not find.
 * Pure. Each row knows its level, its place among its neighbours and who is above it, because a screen reader says so and
 * because a long tree is not all on the page at once.
 */
import type { Branch, Outline } from './outline';

export interface Row {
  readonly branch: Branch;
  /** From 1. */
  readonly level: number;
  /** Which of how many neighbours, from 1. */
  readonly place: number;
  readonly of: number;
  /** The key of the row above it in the tree; null for roots. */
  readonly parent: string | null;
  /** Whether its children are folded away; null if it has none. */
  readonly isFolded: boolean | null;
}

interface Waiting {
  readonly siblings: readonly Branch[];
  readonly parent: string | null;
  readonly level: number;
  at: number;
}

/** The rows from the top. `keep`: only these branches, all unfolded; null: everything. */
export function rowsOf(roots: readonly Branch[], folded: ReadonlySet<string>, keep: ReadonlySet<string> | null = null): Row[] {
  const kept = (branches: readonly Branch[]): readonly Branch[] =>
    keep === null ? branches : branches.filter((branch) => keep.has(branch.key));
  const rows: Row[] = [];
  const stack: Waiting[] = [{ siblings: kept(roots), parent: null, level: 1, at: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const branch = top.siblings[top.at];
    if (branch === undefined) {
      stack.pop();
      continue;
    }
    top.at += 1;
    const children = kept(branch.children);
    const isFolded = children.length === 0 ? null : keep === null && folded.has(branch.key);
    rows.push({ branch, level: top.level, place: top.at, of: top.siblings.length, parent: top.parent, isFolded });
    if (isFolded === false) stack.push({ siblings: children, parent: branch.key, level: top.level + 1, at: 0 });
  }
  return rows;
}

/** Who stands above each branch; roots stand under nothing. */
export function parentsOf(outline: Outline): Map<string, Branch> {
  const parents = new Map<string, Branch>();
  const waiting = [...outline.roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of next.children) {
      parents.set(child.key, next);
      waiting.push(child);
    }
  }
  return parents;
}

/** What is left of a word when case, accents and vowel marks are taken away: so one finds it however it was typed. */
export function plain(words: string): string {
  return words.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

export interface Found {
  /** What matches, in the order of the tree. */
  readonly matches: readonly string[];
  /** What has to stay on the screen: the matches and all above them. */
  readonly keep: ReadonlySet<string>;
}

/** What is called by all of these words, in any order; null for no words. */
export function find(outline: Outline, words: string, nameOf: (branch: Branch) => string): Found | null {
  const wanted = plain(words).split(/\s+/u).filter((word) => word !== '');
  if (wanted.length === 0) return null;
  const matches: string[] = [];
  const keep = new Set<string>();
  const parents = parentsOf(outline);
  const waiting = outline.roots.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = plain(nameOf(next));
    if (wanted.every((word) => name.includes(word))) {
      matches.push(next.key);
      for (let up: Branch | undefined = next; up !== undefined && !keep.has(up.key); up = parents.get(up.key)) keep.add(up.key);
    }
    for (const child of next.children.toReversed()) waiting.push(child);
  }
  return { matches, keep };
}

/** The row that a letter goes to: the next one, from the top again, whose name begins with what was typed. */
export function typedAhead(rows: readonly Row[], from: number, typed: string, nameOf: (branch: Branch) => string): number | null {
  const wanted = plain(typed);
  // One letter goes on to the next; more of them stay as long as they fit.
  const start = [...typed].length === 1 ? from + 1 : from;
  for (let step = 0; step < rows.length; step += 1) {
    const at = (Math.max(0, start) + step) % rows.length;
    const row = rows[at];
    if (row !== undefined && plain(nameOf(row.branch)).startsWith(wanted)) return at;
  }
  return null;
}
