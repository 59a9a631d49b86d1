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
