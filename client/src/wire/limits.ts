// Made by `make schemas` from `schemas/limits.json`, where each limit has its reason. Do not edit.

export const MAX_MESSAGE_BYTES = 131072; // bytes
export const MAX_GROUP_EDITS = 200; // edits an atomic group
export const MAX_OPEN_BOARDS = 16; // boards a connection
export const MAX_QUEUE_MESSAGES = 256; // messages a connection
export const MAX_BAD_FRAMES = 20; // frames a connection
export const MAX_IN_FLIGHT = 128; // unacknowledged groups a connection and board
export const MAX_IN_FLIGHT_BYTES = 4194304; // bytes a connection
export const EDITS_PER_S = 200; // edits a second and connection
export const EDITS_BURST = 2000; // edits
export const PRESENCE_PER_S = 40; // presence frames a second and connection
export const MESSAGES_PER_S = 500; // messages a second and connection
export const MESSAGES_BURST = 4000; // messages a connection
export const MAX_NAME = 60; // code points
export const MAX_HERE_ELEMENTS = 50; // elements selected or dragged
export const MAX_STROKE_BYTES = 4096; // bytes
export const MARK_OUTCOMES = 1024; // outcomes a session and board
export const HELLO_TIMEOUT_S = 10; // s
export const SPACE_MAX_TITLE = 120; // code points
export const SPACE_MAX_BOARDS = 64; // boards a space
export const SPACE_MAX_BODY_BYTES = 16384; // bytes an HTTP request
export const SPACE_SPACES_PER_MINUTE = 60; // new spaces a minute and worker
