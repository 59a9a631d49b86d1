/**
 * Tables that come from elsewhere: rows of cells out of HTML, tab-separated or comma-separated words. Pure, and without the
 * browser's HTML parser: the page's security policy (Trusted Types) has no place for words that become markup, and what is
 * needed here is less than a parser. What can't be read as a table is null, and is then pasted as words.
 */

/** Rows of the same length; empty rows at the end are gone. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  /** Whether the first row says what stands below it. */
  readonly hasHead: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Words out of HTML: line breaks and ends of blocks are newlines, tags go, entities are read. */
export function htmlWords(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/[ \t\r\n\f]+/g, ' ')
    .replace(/<br\b[^>]*>/gi, '\n')
    .replace(/<\/(p|div|li|h[1-6]|tr)\s*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => entity(name) ?? whole)
    .replace(/ *\n */g, '\n')
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = name[1]?.toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}

/** The first table of an HTML page that has more than one cell; null if there is none. Merged cells stand once. */
export function htmlTable(html: string): Table | null {
  const table = /<table\b[\s\S]*?<\/table\s*>/i.exec(html)?.[0];
  if (table === undefined) return null;
  // Cells end where the next begins: writers leave end tags out.
  const rows = table
    .split(/<tr\b[^>]*>/i)
    .slice(1)
    .map((row) => row.split(/<t[dh]\b[^>]*>/i).slice(1).map((cell) => htmlWords(cell.replace(/<\/t[dh]\s*>[\s\S]*$/i, ''))));
  return made(rows, rows.length > 1);
}

/** Cells between tabs, as spreadsheets put them: cells that hold newlines or quotes stand in quotes. */
export function tabTable(words: string): Table | null {
  if (!words.includes('\t')) return null;
  const rows = separated(words, '\t');
  return rows === null || !isEven(rows) ? null : made(rows, rows.length > 1);
}

/**
 * Cells between commas or semicolons. Sentences have commas too: it is a table only if all rows have as many cells, and either a
 * cell stands in quotes or no comma has a space after it.
 */
export function commaTable(words: string): Table | null {
  for (const sign of [';', ',']) {
    const rows = words.includes(sign) ? separated(words, sign) : null;
    if (rows === null || rows.length < 2 || !isEven(rows)) continue;
    const isQuoted = new RegExp(`(^|${sign})"`, 'm').test(words);
    if (isQuoted || !words.includes(`${sign} `)) return made(rows, true);
  }
  return null;
}

/** RFC 4180 with any separator; null where a quote never ends. */
function separated(words: string, sign: string): string[][] | null {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  let isFresh = true;
  const text = words.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && isFresh) [isQuoted, isFresh] = [true, false];
    else if (letter === sign || letter === '\n') {
      rows.at(-1)?.push(cell);
      if (letter === '\n') rows.push([]);
      [cell, isFresh] = ['', true];
    } else {
      cell += letter;
      isFresh = false;
    }
  }
  rows.at(-1)?.push(cell);
  return isQuoted ? null : rows;
}

function isEven(rows: readonly (readonly string[])[]): boolean {
  const width = rows[0]?.length ?? 0;
  return width > 1 && rows.every((row) => row.length === width);
}

function made(rows: readonly (readonly string[])[], hasHead: boolean): Table | null {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const even = rows.map((row) => Array.from({ length: width }, (_, column) => (row[column] ?? '').trim()));
  while (even.length > 0 && even.at(-1)?.every((cell) => cell === '') === true) even.pop();
  const isOne = even.length * width < 2;
  return even.length === 0 || isOne ? null : { rows: even, hasHead: hasHead && even.length > 1 };
}
