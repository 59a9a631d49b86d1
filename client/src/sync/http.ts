/**
 * What a space asks over HTTP (PROTOCOL-50 to -56), and its refusals as something that can be told.
 *
 * Secrets travel in the Authorization header alone, never in an address. Nothing is repeated here: what may be asked again,
 * and when, its caller knows.
 */

const PATIENCE_MS = 15_000;

/** A wish that can't be granted just now. `code` is a key of `i18n/`, e.g. `told.away`; nothing was changed. */
export class Declined extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'Declined';
    this.code = code;
  }
}

/** Answers of the server, by the code in their body, and what they are called in `i18n/`. */
const TOLD: ReadonlyMap<string, string> = new Map(
  [
    'view-only',
    'boards-full',
    'bad-title',
    'slow-down',
    'no-such-link',
    'picture-large',
    'picture-unread',
    'pictures-full',
    'no-such-picture',
    'record-there',
  ].map((code) => [code, `told.${code}`]),
);

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** HTTP of one space, with one link. */
export class Http {
  readonly #root: string;
  readonly #secret: string;
  readonly #fetch: Fetch;

  /** `root`: what addresses begin with, empty for the page's own server. */
  constructor(space: string, secret: string, root = '', ask: Fetch = (path, init) => fetch(path, init)) {
    this.#root = `${root}/api/spaces/${space}`;
    this.#secret = secret;
    this.#fetch = ask;
  }

  /** Ask for something below the space. Rejects with Declined: `told.away` if nobody answers. */
  async ask(path: string, init: RequestInit = {}, patienceMs = PATIENCE_MS): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string> | undefined), Authorization: `Bearer ${this.#secret}` };
    let answer: Response;
    try {
      answer = await this.#fetch(this.#root + path, { ...init, headers, signal: AbortSignal.timeout(patienceMs) });
    } catch {
      throw new Declined('told.away');
    }
    if (!answer.ok) throw new Declined(await codeOf(answer));
    return answer;
  }

  /** The same, for an answer that is a JSON object. */
  async json(path: string, init: RequestInit = {}, patienceMs?: number): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.ask(path, init, patienceMs);
    try {
      return asRecord(await answer.json());
    } catch {
      throw new Declined('told.away'); // cut short on its way
    }
  }
}

async function codeOf(answer: Response): Promise<string> {
  try {
    const { code } = asRecord(await answer.json());
    return TOLD.get(String(code)) ?? 'told.away';
  } catch {
    return 'told.away';
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
