/** English: what the server may say to a wish, in plain words. How we speak: ../en.ts. */
import type { Message } from '../message';

export const server = {
  'told.away': 'The server cannot be reached just now. Please try again soon.',
  'told.bad-title': 'A title is one line. Please write one.',
  'told.boards-full': 'This table holds as many boards as it can.',
  'told.no-such-link': 'This link opens nothing here any more.',
  'told.picture-large': 'This picture is too large. Please take a smaller one.',
  'told.picture-unread': 'This file could not be read as a picture.',
  'told.pictures-full': 'There is no more room for pictures at this table.',
  'told.no-such-picture': 'This picture is not at this table.',
  'told.picture-waits': 'The picture waits on this device and follows by itself.',
} as const satisfies Record<string, Message>;
