/**
 * The keys that the list of keys names, by where they work (board/keys.ts, room/Room.svelte, outline/Outline.svelte do what
 * is said here). The keys themselves are written alike in every language.
 */
import type { Key } from '../i18n';

export interface KeyRow {
  readonly keys: readonly string[];
  readonly does: Key;
}

export interface KeyGroup {
  readonly heading: Key;
  readonly rows: readonly KeyRow[];
}

const row = (does: Key, ...keys: readonly string[]): KeyRow => ({ does, keys });

export const KEYS: readonly KeyGroup[] = [
  {
    heading: 'keys.group.all',
    rows: [
      row('keys.help', '?'),
      row('keys.regions', 'F6'),
      row('keys.search', 'Ctrl K', '/'),
      row('keys.undo', 'Ctrl Z'),
      row('keys.redo', 'Ctrl Y'),
      row('keys.esc', 'Esc'),
    ],
  },
  {
    heading: 'keys.group.cloth',
    rows: [
      row('keys.tab', 'Tab', 'Shift Tab'),
      row('keys.towards', 'Ctrl ← ↑ → ↓'),
      row('keys.ends', 'Home', 'End'),
      row('keys.typeName', 'Shift A … Z'),
      row('keys.toOutline', 'Ctrl Enter'),
      row('keys.note', 'N'),
      row('unnamed.menu', 'X'),
      row('keys.draw', 'D'),
      row('draw.tip.highlighter', 'M'),
      row('draw.tip.eraser', 'E'),
      row('form.rectangle', 'R'),
      row('form.ellipse', 'O'),
      row('form.diamond', 'Q'),
      row('form.triangle', 'T'),
      row('sentence.line', 'A'),
      row('keys.zone', 'Z'),
      row('keys.link', 'L'),
      row('keys.choose', 'V'),
      row('keys.move', 'H'),
      row('keys.keep', 'Space'),
      row('draw.keys.tick', 'Space'),
      row('keys.all', 'Ctrl A'),
      row('keys.pan', '← ↑ → ↓'),
      row('keys.zoom', '+', '−'),
      row('keys.zoomFull', '0'),
      row('keys.fit', '1'),
    ],
  },
  {
    heading: 'keys.group.others',
    rows: [
      row('keys.laser', 'P'),
      row('keys.ask', '!'),
      row('keys.react', ':'),
      row('keys.come', 'G'),
    ],
  },
  {
    heading: 'keys.group.chosen',
    rows: [
      row('keys.write', 'Enter'),
      row('keys.reply', 'Shift Enter'),
      row('keys.nudge', '← ↑ → ↓'),
      row('keys.resize', 'Alt ← ↑ → ↓'),
      row('keys.colour', 'C'),
      row('keys.aside', 'Delete'),
      row('keys.style', 'Y'),
      row('keys.arrange', 'I'),
      row('keys.front', ']', '['),
      row('keys.step', 'Ctrl ]', 'Ctrl ['),
      row('keys.group', 'Ctrl G', 'Ctrl Shift G'),
      row('keys.hold', 'U'),
      row('keys.carry', 'W'),
      row('keys.copy', 'Ctrl C', 'Ctrl X'),
      row('keys.paste', 'Ctrl V'),
      row('keys.duplicate', 'Ctrl D'),
      row('keys.free', 'Ctrl'),
      row('keys.menu', 'Shift F10'),
    ],
  },
  { heading: 'keys.group.text', rows: [row('keys.leaveText', 'Esc', 'Ctrl Enter')] },
  {
    heading: 'keys.group.outline',
    rows: [
      row('keys.walk', '↑', '↓'),
      row('keys.fold', '→', '←'),
      row('keys.show', 'Enter'),
      row('keys.write', 'F2'),
      row('keys.addHere', '+', 'Insert'),
      row('keys.reply', 'Shift Enter'),
      row('keys.reorder', 'Alt ↑', 'Alt ↓'),
      row('keys.toZone', 'Alt Shift ↑', 'Alt Shift ↓'),
      row('keys.aside', 'Delete'),
      row('keys.menu', 'Shift F10'),
      row('keys.find', 'Ctrl F'),
      row('keys.typeAhead', 'A … Z'),
    ],
  },
];
