/** English: without a name. How we speak: ../en.ts. */
import type { Message } from '../message';

export const door = {
  'unnamed.heading': 'A note without your name',
  'unnamed.again': 'Your note without a name',
  'unnamed.text': 'Words',
  'unnamed.where': 'Where',
  'unnamed.where.any': 'Wherever there is room',
  'unnamed.answers': 'It replies to: {what}',
  'unnamed.hint': 'It goes onto the cloth in a moment, by itself, so that nobody can tell who wrote it. Only this device knows that it is yours.',
  'unnamed.put': 'Put it down',
  'unnamed.say': 'Say it this way',
  'unnamed.take': 'Take it away',
  'unnamed.switch': 'Without my name',
  'unnamed.switch.hint': 'You write each new note in private. It shows as “no name”.',
  'unnamed.waiting': {
    one: 'A note without a name reaches the cloth in a moment, so that nobody can tell who wrote it.',
    other: '{count} notes without a name reach the cloth, one by one, so that nobody can tell who wrote them.',
  },
  'unnamed.callOff': 'Take it back',
  'unnamed.calledOff': 'Taken back. It was never on the cloth.',
  'unnamed.nobody': 'No name',
  'unnamed.aNobody': 'somebody without a name',
  'unnamed.asideSoon': 'Your note without a name goes to the margin in a moment.',
  'unnamed.menu': 'A note without my name',
} as const satisfies Record<string, Message>;
