/** English: the bar, menus, sharing, people, tools. How we speak: ../en.ts. */
import type { Message } from '../message';

export const room = {
  // --- the thing itself
  'app.name': 'Tablecloth',
  'app.what': 'A shared tablecloth to write and draw on together, as equals.',
  'app.skip.board': 'Skip to the cloth',
  'app.skip.tools': 'Skip to the tools',
  'app.skip.outline': 'Skip to the outline',
  'app.close': 'Close',
  'app.cancel': 'Cancel',
  'app.copy': 'Copy',
  'app.copied': 'Copied',
  'app.copyByHand': 'It is selected. Copy it with your keyboard or by holding it.',
  'app.showMore': 'Show {count} more',

  // --- the bar on top
  'bar.menu': 'Menu',
  'bar.invite': 'Invite',
  'bar.people': { one: '{count} person here', other: '{count} people here' },
  'bar.boards': 'Boards',
  'bar.untitled': 'A cloth',
  'bar.undo': 'Undo',
  'bar.redo': 'Redo',

  // --- menu
  'menu.language': 'Language',
  'menu.theme': 'Light and dark',
  'menu.theme.device': 'As this device',
  'menu.theme.light': 'Light',
  'menu.theme.dark': 'Dark',
  'menu.announce': 'Announce what others do',
  'menu.announce.hint': 'For screen readers: now and then, summed up.',
  'menu.keys': 'Keys',
  'menu.home': 'All my tables',

  // --- sharing
  'share.heading': 'Invite people',
  'share.words': 'Send a link, or let people scan the code. Everybody with the same link is an equal.',
  'share.edit': 'To write and draw',
  'share.edit.hint': 'Whoever has this link has the same say as you.',
  'share.view': 'To look',
  'share.view.hint': 'Whoever has this link can read all and take all of it home.',
  'share.qr': 'Code to scan, for the link to write and draw',
  'share.qr.view': 'Code to scan, for the link to look',
  'share.local':
    'This address works on this machine only. Open the table by its network address to invite other devices.',
  'share.copy.edit': 'Copy the link to write and draw',
  'share.copy.view': 'Copy the link to look',
  'share.send': 'Send…',

  // --- tools
  'tool.label': 'Tools',
  'tool.choose': 'Choose',
  'tool.note': 'Note',
  'tool.draw': 'Draw',
  'tool.zone': 'Zone',
  'tool.link': 'Link',
  'tool.move': 'Move',

  // --- the list on a phone
  'tabs.label': 'Views',
  'tabs.list': 'List',
  'tabs.cloth': 'Cloth',
  'tabs.people': 'People',

  // --- people
  'people.heading': 'People',
  'people.here': { one: '{count} here now', other: '{count} here now' },
  'people.away': 'Were here',
  'people.you': 'you',
  'people.somebody': 'Somebody',
  'people.aSomebody': 'somebody',
  'people.look': '{colour} {shape}',
  'people.name': 'Your name',
  'people.name.hint': 'Empty is fine: then you are somebody.',
  'people.rename': 'Keep this name',
  'people.renamed': 'You are called {name} now.',
  'people.unnamed': 'You have no name now.',
  'people.alone': 'Nobody else is here yet. Invite people with the link.',

  // --- what others did, for screen readers
  'others.added': { one: '{names} added {count} thing.', other: '{names} added {count} things.' },
  'others.changed': { one: '{names} changed {count} thing.', other: '{names} changed {count} things.' },
  'others.aside': { one: '{names} set {count} thing aside.', other: '{names} set {count} things aside.' },
  'others.back': { one: '{names} brought {count} thing back.', other: '{names} brought {count} things back.' },
  'others.came': '{names} came to the table.',
  'others.left': '{names} left the table.',
  'menu.theme.contrast': 'High contrast',
  'menu.text': 'Size of the words',
  'menu.quiet': 'Rest',
  'menu.calm': 'Calm mode',
  'menu.calm.hint': 'No pointers, nothing moves, one zone at a time.',
  'menu.still': 'Less motion',
  'menu.left': 'For the left hand',
  'menu.tells.all': 'All',
  'menu.tells.replies': 'Replies to me',
  'menu.tells.zone': 'Only this zone',
  'menu.tells.none': 'Nothing',
  'menu.pause': 'Pause for now',
  'menu.pause.hint': 'What happens meanwhile is told after it.',
  'others.replied': { one: '{names} gave you {count} reply.', other: '{names} gave you {count} replies.' },
  'others.wrote': { one: '{names} wrote on {count} thing.', other: '{names} wrote on {count} things.' },
  'calm.label': 'One zone at a time',
  'calm.before': 'The zone before',
  'calm.after': 'The next zone',
  'calm.of': '{place} of {count}',
} as const satisfies Record<string, Message>;
