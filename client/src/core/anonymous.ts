/** Authors without a name (FOLD-140, FOLD-141, DESIGN §4.7). The twin of `server/tablecloth/core/anonymous.py`. */

export const PREFIX = 'anon-';
const LENGTH = PREFIX.length + 16;

/** Whether an author is one of a single element, without a name (FOLD-140). */
export function isAnonymous(author: string): boolean {
  return author.length === LENGTH && author.startsWith(PREFIX);
}

/** Whether this author can write on this element at all (FOLD-141). */
export function mayWrite(author: string, element: string): boolean {
  return !isAnonymous(author) || author.slice(PREFIX.length) === element;
}
