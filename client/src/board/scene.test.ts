import { beforeEach, describe, expect, it } from 'vitest';
import { encodePoints } from '../core/ink';
import { LocalTable, type LocalReplica } from './dev/replica';
import { between, contains } from './geometry';
import { carriedBy, caughtBy, hitAt } from './hit';
import { compareItems, Scene } from './scene';

let replica: LocalReplica;
let scene: Scene;

function add(type: 'note' | 'zone' | 'ink' | 'connector', values: Record<string, number | string>): string {
  const points = encodePoints([[0, 0, 128], [100, 0, 128]]);
  const [id = ''] = replica.add([{ type, values, ...(type === 'ink' ? { ink: { count: 2, points } } : {}) }]);
  scene.update(replica.view, [id]);
  return id;
}

const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id).sort();

beforeEach(() => {
  replica = new LocalTable().by('author-one');
  scene = new Scene();
});

describe('the scene', () => {
  it('is the same, read whole or change by change', () => {
    const a = add('note', { x: 0, y: 0 });
    add('note', { x: 500, y: 0 });
    add('connector', { from: a, to: 'nothing-there', x2: 300, y2: 900 });
    replica.setAside([a]);
    scene.update(replica.view, [a]);
    const whole = new Scene();
    whole.load(replica.view);
    const table = (one: Scene) => [...one.items()].map((item) => [item.id, item.rect]).sort();
    expect(table(scene)).toEqual(table(whole));
    expect(scene.get(a)).toBeUndefined();
  });

  it('moves connectors with what they join, and says so', () => {
    const a = add('note', { x: 0, y: 0 });
    const b = add('note', { x: 500, y: 0 });
    const line = add('connector', { from: a, to: b });
    replica.set(new Map([[b, { y: 900 }]]));
    expect([...scene.update(replica.view, [b])].sort()).toEqual([b, line].sort());
    expect(scene.route(line)?.end.y).toBeGreaterThan(800);
  });

  it('finds a connector whose end came later', () => {
    const line = add('connector', { from: 'thing-000002', to: '', x2: 900, y2: 0 });
    add('note', { x: 0, y: 300 });
    expect(scene.route(line)?.start.y).toBeGreaterThan(200);
  });

  it('shows drags live, connectors too, and forgets them', () => {
    const a = add('note', { x: 0, y: 0 });
    const b = add('note', { x: 500, y: 0 });
    const line = add('connector', { from: a, to: b });
    scene.setLive(b, { x: 500, y: 2000, w: 200, h: 160 });
    expect(ids(scene.search({ x: 500, y: 1900, w: 300, h: 300 }))).toEqual([b, line].sort());
    expect(scene.search({ x: 520, y: 20, w: 10, h: 10 })).toEqual([]);
    expect(scene.route(line)?.end.y).toBeGreaterThan(1800);
    scene.setLive(b, null);
    expect(scene.route(line)?.end.y).toBeLessThan(200);
  });

  it('has an extent, and none when it is empty', () => {
    expect(scene.extent()).toBeNull();
    add('note', { x: -100, y: 50 });
    add('note', { x: 300, y: 400 });
    expect(scene.extent()).toEqual({ x: -100, y: 50, w: 600, h: 510 });
  });

  it('lays zones under connectors under notes and ink, each by the pile', () => {
    const note = add('note', {});
    const ink = add('ink', {});
    const zone = add('zone', {});
    const line = add('connector', {});
    expect([...scene.items()].sort(compareItems).map(({ id }) => id)).toEqual([zone, line, note, ink]);
    replica.order(note, 'front');
    scene.update(replica.view, [note]);
    expect([...scene.items()].sort(compareItems).at(-1)?.id).toBe(note);
  });
});

describe('a press', () => {
  it('finds the topmost', () => {
    const low = add('note', { x: 0, y: 0 });
    const high = add('note', { x: 100, y: 0 });
    expect(hitAt(scene, { x: 50, y: 50 }, 4)?.id).toBe(low);
    expect(hitAt(scene, { x: 150, y: 50 }, 4)?.id).toBe(high);
    expect(hitAt(scene, { x: 350, y: 50 }, 4)).toBeNull();
  });

  it('finds ink and connectors near their lines only', () => {
    const ink = add('ink', { x: 0, y: 500 });
    expect(hitAt(scene, { x: 50, y: 504 }, 4)?.id).toBe(ink);
    expect(hitAt(scene, { x: 50, y: 520 }, 4)).toBeNull();
    const line = add('connector', { x: 0, y: 0, x2: 400, y2: 0 });
    const middle = scene.route(line)?.middle ?? { x: 0, y: 0 };
    expect(hitAt(scene, middle, 4)?.id).toBe(line);
    expect(hitAt(scene, { x: middle.x, y: middle.y + 40 }, 4)).toBeNull();
  });

  it('finds a zone by its title and edge, and lets its middle through', () => {
    const zone = add('zone', { x: 0, y: 0, w: 800, h: 600 });
    expect(hitAt(scene, { x: 400, y: 20 }, 4)?.id).toBe(zone);
    expect(hitAt(scene, { x: 3, y: 400 }, 4)?.id).toBe(zone);
    expect(hitAt(scene, { x: 400, y: 300 }, 4)).toBeNull();
  });

  it('finds ink where it is being dragged to', () => {
    const ink = add('ink', { x: 0, y: 500 });
    const rect = scene.rect(ink) ?? { x: 0, y: 0, w: 0, h: 0 };
    scene.setLive(ink, { ...rect, y: rect.y + 1000 });
    expect(hitAt(scene, { x: 50, y: 1500 }, 4)?.id).toBe(ink);
  });
});

describe('a dragged rectangle', () => {
  it('catches what it touches, but zones only whole', () => {
    const zone = add('zone', { x: 0, y: 0, w: 800, h: 600 });
    const note = add('note', { x: 100, y: 100 });
    const ink = add('ink', { x: 100, y: 400 });
    add('note', { x: 2000, y: 0 });
    expect(ids(caughtBy(scene, between({ x: 150, y: 150 }, { x: 160, y: 450 })))).toEqual([note, ink].sort());
    expect(ids(caughtBy(scene, { x: -10, y: -10, w: 900, h: 700 }))).toEqual([zone, note, ink].sort());
  });
});

it('a zone carries what lies wholly in it', () => {
  const zone = scene.get(add('zone', { x: 0, y: 0, w: 800, h: 600 }));
  const inside = add('note', { x: 100, y: 100 });
  const half = add('note', { x: 700, y: 100 });
  const [inner, outer] = zone === undefined ? [[], false] : [ids(carriedBy(scene, zone)), contains(zone.rect, { x: 700, y: 100 })];
  expect(inner).toEqual([inside]);
  expect(outer && inner.includes(half)).toBe(false);
});
