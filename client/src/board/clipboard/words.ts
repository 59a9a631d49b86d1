/**
 * What pasted words become: which notes, in which grid. Pure; where the grid goes and whether to ask first is for others.
 *
 * One line is one note, many lines are as many, a table is a grid with its first row bold, a link is a note with the link. Blank
 * lines part nothing and become nothing; what stands before an item of a list goes, because a note needs no bullet.
 */
import { NOTE_SIZE } from '../making';
import { commaTable, htmlTable, htmlWords, tabTable, type Table } from './table';
import type { Point, Rect } from '../geometry';
import { columnsFor, GRID_GAP } from '../arrange/align';

export interface PastedNote {
  readonly text: string;
  readonly isBold: boolean;
  /** Cells of the grid, from the side where reading begins. */
  readonly column: number;
  readonly row: number;
}

export interface Pasted {
  readonly notes: readonly PastedNote[];
  readonly columns: number;
  readonly rows: number;
  readonly isTable: boolean;
}

/** More than this are made only after asking. */
export const ASK_ABOVE = 30;
/** More than this are never made at once. */
export const MOST_NOTES = 500;

const BULLET = /^\s*(?:[-*•‣◦–—·▪]|\d{1,3}[.)]|\[[ xX]?\])\s+/u;
const LINK = /^(?:https?:\/\/|mailto:)\S+$/i;

/** Lines that hold something, without bullets if all of several have one. */
export function linesOf(words: string): string[] {
  const lines = words
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const isList = lines.length > 1 && lines.every((line) => BULLET.test(line));
  return lines.map((line) => (isList ? line.replace(BULLET, '') : line.trim()));
}

export function isLink(words: string): boolean {
  return LINK.test(words.trim());
}

/** The words of one link in HTML: its title, and where it goes. Null if there is more than a link, or less. */
function linkOf(html: string): string | null {
  const links = [...html.matchAll(/<a\b[^>]*\bhref\s*=\s*["']?([^"'\s>]+)["']?[^>]*>([\s\S]*?)<\/a\s*>/gi)];
  const [link] = links;
  if (link === undefined || links.length > 1) return null;
  const [to, title] = [htmlWords(link[1] ?? ''), htmlWords(link[2] ?? '')];
  if (!LINK.test(to) || htmlWords(html) !== title) return null;
  return title === '' || title === to ? to : `${title}\n${to}`;
}

/** What words from elsewhere become; null if there is nothing in them. `html` and `plain` are two readings of the same. */
export function pastedFrom(html: string, plain: string): Pasted | null {
  const table = htmlTable(html) ?? tabTable(plain) ?? commaTable(plain);
  if (table !== null) return fromTable(table);
  const words = plain.trim() === '' ? htmlWords(html) : plain;
  const link = linkOf(html);
  if (link !== null && linesOf(words).length <= 1) return fromLines([link]);
  const lines = linesOf(words);
  return lines.length === 0 ? null : fromLines(lines);
}

export function fromLines(lines: readonly string[]): Pasted {
  const columns = columnsFor(lines.length, NOTE_SIZE.w, NOTE_SIZE.h);
  const notes = lines.map((text, index) => ({ text, isBold: false, column: index % columns, row: Math.floor(index / columns) }));
  return { notes, columns, rows: Math.ceil(lines.length / columns), isTable: false };
}

/** All of it as one note. */
export function asOne({ notes, isTable }: Pasted): Pasted {
  let text = '';
  for (const [index, note] of notes.entries()) {
    const isNewLine = !isTable || note.row !== notes[index - 1]?.row;
    text += index === 0 ? note.text : `${isNewLine ? '\n' : ', '}${note.text}`;
  }
  return fromLines([text]);
}

function fromTable({ rows, hasHead }: Table): Pasted {
  const notes = rows.flatMap((cells, row) =>
    cells.flatMap((text, column) => (text === '' ? [] : [{ text, isBold: hasHead && row === 0, column, row }])),
  );
  return { notes, columns: rows[0]?.length ?? 1, rows: rows.length, isTable: true };
}

/** The size of the whole grid. */
export function gridSize({ columns, rows }: Pasted): { readonly w: number; readonly h: number } {
  return { w: columns * (NOTE_SIZE.w + GRID_GAP) - GRID_GAP, h: rows * (NOTE_SIZE.h + GRID_GAP) - GRID_GAP };
}

/** Where a note of the grid goes, whose corner lies at `at`. */
export function cellRect(pasted: Pasted, note: PastedNote, at: Point, direction: 'ltr' | 'rtl'): Rect {
  const column = direction === 'ltr' ? note.column : pasted.columns - 1 - note.column;
  return { x: at.x + column * (NOTE_SIZE.w + GRID_GAP), y: at.y + note.row * (NOTE_SIZE.h + GRID_GAP), ...NOTE_SIZE };
}
