/**
 * The canvas on a board in this page's memory: `npm run dev`, then /src/board/dev/. Not part of the build.
 *
 *     ?things=1000   so many notes, with ink, zones and links among them
 *     ?others=12     so many people who point, drag, write and draw
 */
import '../../ui/fonts.css';
import '../../ui/tokens.css';
import '../../ui/base.css';
import { mount } from 'svelte';
import { encodePoints } from '../../core/ink';
import { NOTE_COLOURS, PEN_COLOURS } from '../../core/elements';
import type { NewElement } from '../../sync/interface';
import Try from './Try.svelte';
import { LocalTable, type LocalReplica } from './replica';

const asked = new URLSearchParams(location.search);
const table = new LocalTable();
const mine = table.by('me-myself-and-i');

const WORDS = [
  'A door that I can lock',
  'Neighbours who know my name',
  'مكان أطبخ فيه لعائلتي',
  'Somewhere the dog can come',
  'Dim angen gofyn caniatâd',
  'And the key is mine, not the key worker’s',
  'Light in the morning, and a place for boots and coats and the pram by the door, so that nobody has to climb over anything',
  '朝の光と、友だちを呼べる台所',
];

function heart(size: number): Uint8Array {
  const points = Array.from({ length: 48 }, (_, i): [number, number, number] => {
    const a = (i / 47) * Math.PI * 2;
    const x = 16 * Math.sin(a) ** 3;
    const y = 13 * Math.cos(a) - 5 * Math.cos(2 * a) - 2 * Math.cos(3 * a) - Math.cos(4 * a);
    return [Math.round((x * size) / 16), Math.round((-y * size) / 16), 128];
  });
  return encodePoints(points);
}

function sketch(): void {
  const note = (x: number, y: number, text: string, colour: string): NewElement => ({
    type: 'note',
    values: { x, y, w: 200, h: 160, colour },
    text,
  });
  mine.add([{ type: 'zone', values: { x: -80, y: -110, w: 900, h: 640 }, text: 'What makes a house a home?' }]);
  mine.add([{ type: 'zone', values: { x: 880, y: -110, w: 520, h: 640, colour: 'sky' }, text: 'Round 2' }]);
  const ids = mine.add([
    note(0, 0, WORDS[0] ?? '', 'lemon'),
    note(300, -20, WORDS[1] ?? '', 'sky'),
    note(560, 60, WORDS[2] ?? '', 'lilac'),
    note(360, 260, WORDS[3] ?? '', 'peach'),
    note(-20, 240, WORDS[4] ?? '', 'rose'),
    note(940, 40, WORDS[5] ?? '', 'mint'),
    note(1160, 60, WORDS[6] ?? '', 'oat'),
    note(1000, 300, WORDS[7] ?? '', 'white'),
  ]);
  const line = (from: number, to: number, text: string): NewElement => ({
    type: 'connector',
    values: { from: ids[from] ?? '', to: ids[to] ?? '' },
    text,
  });
  mine.add([line(0, 4, ''), line(3, 5, 'leads to'), { ...line(1, 2, ''), values: { from: ids[1] ?? '', to: ids[2] ?? '', colour: 'teal' } }]);
  const ink = (x: number, y: number, colour: string, size: number): NewElement => ({
    type: 'ink',
    values: { x, y, colour, width: 6 },
    ink: { count: 48, points: heart(size) },
  });
  mine.add([ink(260, 200, 'brick', 34), ink(720, 430, 'blue', 60)]);
}

function many(count: number): void {
  const across = Math.ceil(Math.sqrt(count * 1.6));
  const all: NewElement[] = Array.from({ length: count }, (_, i) => {
    const x = (i % across) * 240;
    const y = Math.floor(i / across) * 200;
    if (i % 10 === 7) {
      const colour = PEN_COLOURS[i % 7] ?? 'ink';
      return { type: 'ink', values: { x: x + 90, y: y + 80, colour, width: 5 }, ink: { count: 48, points: heart(60) } };
    }
    const colour = NOTE_COLOURS[(i * 5) % 8] ?? 'lemon';
    return { type: 'note', values: { x, y, w: 200, h: 160, colour }, text: WORDS[i % WORDS.length] ?? '' };
  });
  mine.add(all);
}

function people(count: number): void {
  for (let i = 0; i < count; i += 1) act(table.by(`somebody-${i}-of-them`), i);
}

/** Somebody who points about, drags a note, writes in it and draws. */
function act(them: LocalReplica, turn: number): void {
  const notes = [...them.view.elements.values()].filter((element) => element.type === 'note');
  let step = turn * 40;
  setInterval(() => {
    step += 1;
    const at = [Math.round(400 + 380 * Math.cos(step / 30 + turn)), Math.round(200 + 220 * Math.sin(step / 23 + turn * 2))] as const;
    const note = notes[(turn + Math.floor(step / 200)) % notes.length];
    if (note === undefined) return;
    const phase = step % 200;
    const [x, y] = [Number(note.prop('x')), Number(note.prop('y'))];
    if (phase < 60) {
      const drag = turn % 3 === 0 ? [{ element: note.id, x: x + phase, y: y - phase, w: Number(note.prop('w')), h: Number(note.prop('h')) }] : [];
      them.here({ at, selected: [note.id], drag });
    } else if (phase < 120) {
      const length = them.view.elements.get(note.id)?.text().length ?? 0;
      const head = Math.min(length, phase % 20);
      them.here({ at, selected: [note.id], caret: { element: note.id, field: 'text', anchor: Math.max(0, head - 4), head } });
    } else them.here({ at });
  }, 50);
}

const things = Number(asked.get('things') ?? 0);
if (things > 0) many(things);
else if (!asked.has('empty')) sketch();
people(Number(asked.get('others') ?? 0));

const place = document.getElementById('app');
if (place === null) throw new Error('no #app');
mount(Try, { target: place, props: { table, mine } });
