/**
 * Links to a table: `/s/<space>#<secret>` (PROTOCOL-1). The secret stays behind the `#`, which no browser sends anywhere.
 */

export interface TableLink {
  readonly space: string;
  readonly secret: string;
}

const ID = /^[A-Za-z0-9_-]{8,32}$/;
const SECRET = /^[A-Za-z0-9_-]{22,64}$/;
const PATH = /^\/s\/([^/]+)\/?$/;

/** The link in an address, whole or from its path on; null if it is none. What mail programs append to a link is cut off. */
export function readLink(address: string, origin = 'http://here'): TableLink | null {
  let url: URL;
  try {
    url = new URL(address.trim(), origin);
  } catch {
    return null;
  }
  const space = PATH.exec(url.pathname)?.[1] ?? '';
  const secret = url.hash.slice(1).replace(/[^A-Za-z0-9_-].*$/s, '');
  return ID.test(space) && SECRET.test(secret) ? { space, secret } : null;
}

/** The path of a table's page, secret included: for this device's own history, never for a request. */
export function pathOf({ space, secret }: TableLink): string {
  return `/s/${space}#${secret}`;
}

/** A link that other devices can open. `origin` e.g. `http://192.168.0.7:8080`. */
export function linkOf(link: TableLink, origin: string): string {
  return origin + pathOf(link);
}

/** Whether an address only means this machine, so that a link with it is of no use to others. */
export function isOnlyHere(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\./.test(hostname) || hostname === '[::1]';
}
