/** English: starting, joining, and how changes are doing. How we speak: ../en.ts. */
import type { Message } from '../message';

export const start = {
  // --- start page
  'start.title': 'What shall we call it?',
  'start.title.hint': 'A question or a theme. For example: What makes a house a home?',
  'start.title.needed': 'Please give it a few words, so that people know it again.',
  'start.name': 'Your name',
  'start.name.hint': 'People see it beside what you write. You may leave it empty.',
  'start.go': 'Lay the table',
  'start.going': 'Laying the table…',
  'start.away': 'The server did not answer. What you wrote is still here. Please try again.',
  'start.slow': 'Many tables are being laid just now. Please try again in a minute.',
  'start.recent': 'Your tables on this device',
  'start.recent.forget': 'Forget {title} on this device',
  'start.recent.forgot': '{title} is no longer listed here. The table itself stays.',
  'start.recent.view': 'for looking',
  'start.equal': 'Nobody owns a table. Everybody with the link has the same say.',
  'start.kept': 'Nothing is thrown away, and everybody can take all of it home.',
  'start.noAccount': 'No account, no e-mail, nothing to install.',

  // --- joining
  'join.heading': 'You are invited',
  'join.looking': 'This link is for looking. You can read all and take all of it home.',
  'join.name': 'Your name',
  'join.name.hint': 'Any name. Empty is fine too.',
  'join.go': 'Join',
  'join.kept.heading': 'What is kept',
  'join.kept.marks': 'What you write and draw, when, and the name you choose. Everybody at the table sees it, and can take it home.',
  'join.kept.device': 'This device remembers your name and the link, so that you find your way back.',
  'join.kept.machine': 'Whoever runs the machine could look at what is on it.',
  'join.opening': 'Opening the table…',
  'join.away': 'The table cannot be reached just now. We keep trying.',
  'join.again': 'Try now',
  'join.wrong.heading': 'This link does not open a table',
  'join.wrong.words':
    'Perhaps a part of it was lost on the way. Please ask for the link again, or scan the code once more.',
  'join.wrong.home': 'To the start page',
  'join.version.heading': 'This page is from before an update',
  'join.version.words': 'Please load the page again. What you wrote is safe on this device.',
  'join.version.again': 'Load again',

  // --- status (LOOK: what happened, what was kept, what comes next)
  'status.label': 'How your changes are doing',
  'status.connecting': 'Connecting…',
  'status.saved': 'Saved',
  'status.saving': 'Saving…',
  'status.pending': { one: '{count} change only on this device', other: '{count} changes only on this device' },
  'status.reconnecting': 'Reconnecting…',
  'status.offline': 'Offline',
  'status.gone': 'Closed',
  'status.view': 'Looking only',
  'status.connecting.long': 'The table is being opened.',
  'status.saved.long': 'All you wrote and drew is saved.',
  'status.saving.long': { one: '{count} change is on its way.', other: '{count} changes are on their way.' },
  'status.away.none': 'The connection is gone. We are trying again. You can go on writing.',
  'status.away': {
    one: 'The connection is gone. {count} change is safe on this device and joins when you are back.',
    other: 'The connection is gone. {count} changes are safe on this device. They join when you are back.',
  },
  'status.offline.none': 'You are offline. You can go on writing; it joins when you are back.',
  'status.offline.long': {
    one: 'You are offline. {count} change is safe on this device. It joins when you are back.',
    other: 'You are offline. {count} changes are safe on this device. They join when you are back.',
  },
  'status.gone.long': {
    one: 'This link no longer opens the table. {count} change is still on this device.',
    other: 'This link no longer opens the table. {count} changes are still on this device.',
  },
  'status.gone.none': 'This link no longer opens the table.',
  'status.back': 'You are back. All is saved.',
  'status.retry': 'Try now',
} as const satisfies Record<string, Message>;
