/**
 * The two HTTP calls of the screens (PROTOCOL-50 and 51). Answers are plain values: a page that is told "away" can say so.
 *
 * Secrets travel in the Authorization header alone, never in an address.
 */
import type { BoardInfo } from '../sync/interface';
import { readLink } from './links';

const PATIENCE_MS = 10_000;

export type Founded =
  | { readonly kind: 'founded'; readonly space: string; readonly title: string; readonly edit: string; readonly view: string }
  | { readonly kind: 'slow' }
  | { readonly kind: 'away' };

export type Found =
  | {
      readonly kind: 'found';
      readonly title: string;
      readonly mayEdit: boolean;
      readonly boards: readonly BoardInfo[];
      /** Who runs the machine and how to reach them; "" where they did not say. */
      readonly host: string;
      readonly contact: string;
    }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'away' };

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

async function ask(path: string, init: RequestInit): Promise<Response | null> {
  try {
    return await fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store' });
  } catch {
    return null;
  }
}

async function body(response: Response): Promise<Record<string, unknown>> {
  try {
    return record(await response.json());
  } catch {
    return {};
  }
}

/** Found a space. Not to be repeated lightly: each call founds another. */
export async function found(title: string): Promise<Founded> {
  const response = await ask('/api/spaces', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title }),
  });
  if (response?.status === 429) return { kind: 'slow' };
  if (response?.status !== 201) return { kind: 'away' };
  const answer = await body(response);
  const edit = readLink(String(answer['edit_link']));
  const view = readLink(String(answer['view_link']));
  if (edit === null || view === null) return { kind: 'away' };
  return {
    kind: 'founded',
    space: edit.space,
    title: typeof answer['title'] === 'string' ? answer['title'] : title,
    edit: edit.secret,
    view: view.secret,
  };
}

function boardsOf(value: unknown): BoardInfo[] {
  if (!Array.isArray(value)) return [];
  return value.map(record).flatMap(({ board, title }) =>
    typeof board === 'string' ? [{ board, title: typeof title === 'string' ? title : '' }] : [],
  );
}

/** What a link opens. Harmless to repeat. `wrong`: no such space, or not its secret (the server does not say which). */
export async function lookUp(space: string, secret: string): Promise<Found> {
  const response = await ask(`/api/spaces/${space}`, { headers: { Authorization: `Bearer ${secret}` } });
  if (response?.status === 404) return { kind: 'wrong' };
  if (response?.status !== 200) return { kind: 'away' };
  const answer = await body(response);
  return {
    kind: 'found',
    title: typeof answer['title'] === 'string' ? answer['title'] : '',
    mayEdit: answer['may_edit'] === true,
    boards: boardsOf(answer['boards']),
    host: typeof answer['host'] === 'string' ? answer['host'] : '',
    contact: typeof answer['contact'] === 'string' ? answer['contact'] : '',
  };
}
