/** Why an entry changed nothing, and why the door doesn't let an edit in: the same in Python and TypeScript. */

export const REASONS = [
  'unreadable', // the head can't be read
  'founded', // a second founding entry, or one of another board
  'unfounded', // an entry before the founding one
  'repeat', // this hand's k was there already
  'hole', // this hand's k leaves one out
  'exists', // an element with this id is there already
  'unknown-element',
  'board-full',
  'bad-value', // a property that the type doesn't have, or a value that it doesn't take
  'aside', // the element lies in the margin
  'not-aside',
  'stale', // every property was changed by somebody since, long ago
  'no-such-field',
  'old-base', // made over words that are too old to rebase over
  'future-base',
  'out-of-range', // no splice fits
  'text-full',
  'ink-full',
  'not-yours',
  'locked', // somebody asked that it stays as it is for a while
  'not-locked',
  'wrong-board', // said on the space's log and belongs on a board, or the other way round
  'unknown-proposal',
  'decided', // the proposal is not open any more
  'proposed', // the same is open already
  'proposals-full',
  'too-often',
  'voting', // somebody objected before: now there is a vote
  'not-voting', // nobody has objected yet
  'no-say', // it concerns them, or it is their own, or they were not there when the roll was taken
  'not-held',
  'closed', // the room closed the board
  'paused', // the room paused this person
  'ask-first', // somebody's words, who wants to be asked: a variant beside them is welcome
  'no-variant', // it was changed, taken back or accepted meanwhile
  'variants-full',
] as const;

export type Reason = (typeof REASONS)[number];
