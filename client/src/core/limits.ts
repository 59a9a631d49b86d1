// Made by `make schemas` from `schemas/limits.json`, where each limit has its reason. Do not edit.

export const MAX_COORDINATE = 1000000000; // board units
export const MAX_SIZE = 1000000; // board units
export const MAX_ELEMENTS = 100000; // elements a board
export const MAX_TEXT = 50000; // code points a field
export const MAX_SPLICES = 8; // splices a text edit
export const MAX_INK_POINTS = 20000; // points an ink element
export const TEXT_WINDOW = 128; // text entries a field
export const MAX_REBASE_OPS = 128; // ops
export const TEXT_WINDOW_SEQS = 4096; // entries of the board
export const TEXT_WINDOW_MS = 60000; // ms
export const STALE_MS = 60000; // ms
export const MAX_SHORT_TEXT = 500; // code points
export const MAX_VALUES = 32; // properties an entry
export const MAX_WORDS = 8; // word properties an entry
export const MAX_LOCK_MINUTES = 480; // minutes
export const MAX_ORDER_KEY = 64; // characters
export const MAX_SECTION = 2000; // code points
export const MAX_LISTED = 1000; // elements a proposal
export const MAX_ROLL = 5000; // people
export const MAX_CARRIED = 16; // proposals a tick
export const MAX_OPEN_EACH = 3; // open proposals a person
export const MAX_OPEN = 12; // open proposals a space
export const MAX_EACH_HOUR = 10; // proposals a person and hour
export const MAX_PROPOSALS = 300; // proposals in the fold
export const HOLD_MS = 600000; // ms
