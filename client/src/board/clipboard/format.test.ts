import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePoints } from '../../core/ink';
import { BoardController } from '../controller.svelte';
import { LocalTable, type LocalReplica } from '../dev/replica';
import { copiedOf, frameOf, pastingOf, wholeOf } from './copying';
import { decode, encode, fromHtml, toHtml, toPlain, type Copied, type CopiedThing } from './format';

const thing = (over: Partial<CopiedThing> = {}): CopiedThing => ({
  type: 'note',
  values: { x: 5, colour: 'mint' },
  text: 'Hello',
  words: {},
  ink: [],
  ends: {},
  group: 0,
  ...over,
});
const raw = (value: unknown): string => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));

describe('over the clipboard', () => {
  it('comes back as it went', () => {
    const copied: Copied = {
      from: 'Tables & <chairs> 🌻',
      things: [
        thing({ text: 'سطر\n"two" <b>' }),
        thing({ type: 'ink', values: { width: 9 }, text: '', words: { alt: 'a heart' }, ink: [{ count: 2, points: encodePoints([[0, 0, 9], [300, -5, 200]]) }] }),
        thing({ type: 'connector', values: {}, text: '', ends: { from: 0, to: 1 } }),
      ],
    };
    expect(fromHtml(`<html><body><!--StartFragment-->${toHtml(copied)}<!--EndFragment--></body></html>`)).toEqual(copied);
    expect(toPlain(copied)).toBe('سطر\n"two" <b>\n\na heart');
    expect(toHtml(copied)).not.toContain('<b>');
  });

  it('leaves out what does not fit, and keeps the rest bound', () => {
    const copied = decode(
      raw({
        tablecloth: 1,
        from: 7,
        things: [
          { t: 'note', v: { x: 1e12 } },
          { t: 'note', v: { x: 1.5 } },
          { t: 'window', v: {} },
          { t: 'note', v: { order: 'zz', group: 'abcdefgh', from: 'x', x: 3 }, s: 'kept\u0007' },
          { t: 'connector', v: {}, e: { from: 3, to: 0, x: 3 } },
          { t: 'ink', v: {}, i: [[2, 'AAAA']] },
          null,
          'note',
        ],
      }),
    );
    expect(copied?.things.map(({ type, values, text, ends }) => [type, values, text, ends])).toEqual([
      ['note', { x: 3 }, 'kept', {}],
      ['connector', {}, '', { from: 0 }],
    ]);
    expect(copied?.from).toBe('');
  });

  it('is nothing when it is not ours, or too much', () => {
    for (const data of ['', '!!!', btoa('{'), raw(null), raw([]), raw({ tablecloth: 2, things: [] }), raw({ tablecloth: 1, things: [] })]) {
      expect(decode(data)).toBeNull();
    }
    expect(decode(raw({ tablecloth: 1, things: Array.from({ length: 2001 }, () => ({ t: 'note', v: {} })) }))).toBeNull();
    expect(fromHtml('<p data-other="x">words</p>')).toBeNull();
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.json(), (json) => void decode(btoa(unescape(encodeURIComponent(json))))), { numRuns: 200 });
    fc.assert(fc.property(fc.array(fc.dictionary(fc.constantFrom('t', 'v', 's', 'w', 'i', 'e', 'g'), fc.jsonValue())), (things) => {
      const copied = decode(raw({ tablecloth: 1, things }));
      if (copied !== null) expect(decode(encode(copied))).toEqual(copied);
    }), { numRuns: 200 });
  });
});

describe('from a board and back', () => {
  let table: LocalTable;
  let mine: LocalReplica;
  let control: BoardController;

  beforeEach(() => {
    table = new LocalTable();
    mine = table.by('author-mine');
    control = new BoardController(mine, { me: 'author-mine', nameOf: String, announce: () => {}, offer: () => {} });
  });
  afterEach(() => control.close());

  const note = (x: number, y: number, text = ''): string => control.addNote({ x: x + 100, y: y + 80 }, { text, edit: false }) ?? '';
  const items = (...ids: string[]) => ids.flatMap((id) => control.scene.get(id) ?? []);

  it('a zone takes along what lies on it, and the links between', () => {
    const zone = control.addZone({ x: 0, y: 0, w: 800, h: 600 }, { edit: false }) ?? '';
    const [a, b, outside] = [note(20, 60, 'in'), note(400, 60, 'too'), note(900, 0, 'out')];
    const inner = control.connect(a, b) ?? '';
    control.connect(b, outside);
    expect(wholeOf(control.scene, items(zone)).map((item) => item.id).sort()).toEqual([zone, a, b, inner].sort());
  });

  it('new things have ids of their own, stay bound among themselves, and lie elsewhere', () => {
    const [a, b] = [note(0, 0, 'one'), note(400, 0, 'two')];
    control.connect(a, b);
    const copied = copiedOf(wholeOf(control.scene, items(a, b)), 'here');
    expect(frameOf(copied)).toMatchObject({ x: 0, y: 0, w: 600, h: 160 });
    let next = 0;
    const { elements } = pastingOf(copied, 30, -10, () => `fresh-${(next += 1)}`);
    const line = elements.find((element) => element.type === 'connector');
    const named = (text: string) => elements.find((element) => element.text === text);
    expect([line?.values['from'], line?.values['to']]).toEqual([named('one')?.id, named('two')?.id]);
    expect([named('two')?.values['x'], named('two')?.values['y']]).toEqual([430, -10]);
    expect(elements.some((element) => element.id === a || 'order' in element.values)).toBe(false);
  });

  it('a link whose end stays behind ends where that was', () => {
    const [a, b] = [note(0, 0, 'one'), note(400, 0, 'two')];
    const line = control.connect(a, b) ?? '';
    const [copy] = copiedOf(items(line), '').things;
    const route = control.scene.get(line)?.route;
    expect(copy?.ends).toEqual({});
    expect(copy?.values).toMatchObject({ x: Math.round(route?.start.x ?? 0), x2: Math.round(route?.end.x ?? 0) });
  });
});
