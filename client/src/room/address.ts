/**
 * Which board of a space the page shows, as the browser's history keeps it: in the entry's state, never in the address, so
 * that the link which people copy stays the space's (its fragment is the secret, PROTOCOL-1). Going to another board is
 * a step; Back returns to the former one, and a reload stays where one was.
 *
 * Rejected: the board in the fragment beside the secret (people would hand on links that end on a board which others
 * don't look at, and old links would have two forms).
 */

interface State {
  readonly space: string;
  readonly board: string;
}

function stateOf(value: unknown): State | null {
  if (typeof value !== 'object' || value === null) return null;
  const { space, board } = value as Record<string, unknown>;
  return typeof space === 'string' && typeof board === 'string' ? { space, board } : null;
}

/** The board that an entry's state names, if it is one of this space's; else null. */
export function boardOf(value: unknown, space: string, boards: readonly { readonly board: string }[]): string | null {
  const state = stateOf(value);
  if (state === null || state.space !== space) return null;
  return boards.some(({ board }) => board === state.board) ? state.board : null;
}

/** The part of `window.history` that is used here. */
export type Steps = Pick<History, 'state' | 'pushState' | 'replaceState'>;

/** The page shows this board now. A new step, unless it is the first that this entry shows, or the same again. */
export function stepTo(steps: Steps, space: string, board: string): void {
  const now = stateOf(steps.state);
  if (now?.space === space && now.board === board) return;
  const state: State = { space, board };
  if (now?.space === space) steps.pushState(state, '');
  else steps.replaceState(state, '');
}
