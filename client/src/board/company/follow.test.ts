import { describe, expect, it } from 'vitest';
import { encloses } from '../geometry';
import { approach, cameraOn, followersOf, followings, latestView, leads, yields, type Seen } from './follow';

const seen = (author: string, follow = '', view: Seen['view'] = [0, 0, 100, 80], heard = 1, who = author): Seen => ({
  who,
  author,
  view,
  follow,
  heard,
});

it('knows what each of the others sees, in the window that was heard last', () => {
  const around = [seen('ana', '', [0, 0, 10, 10], 1, 'w1'), seen('ana', '', [5, 5, 20, 20], 7, 'w2'), seen('ben', '', null), seen('me')];
  expect([...latestView(around, 'me')]).toEqual([['ana', { x: 5, y: 5, w: 20, h: 20 }]]);
});

it('knows who looks along with me', () => {
  const around = [seen('cleo', 'me'), seen('ana', 'me'), seen('ana', 'me', null, 2, 'w2'), seen('ben', 'ana'), seen('me', 'me')];
  expect(followersOf('me', around)).toEqual(['ana', 'cleo']);
});

describe('rings', () => {
  it('are seen, through others too', () => {
    const by = followings([seen('ana', 'ben'), seen('ben', 'cleo')]);
    expect([leads(by, 'ana', 'cleo'), leads(by, 'cleo', 'ana'), leads(by, 'ana', 'ana')]).toEqual([true, false, false]);
    expect(leads(followings([seen('a', 'b'), seen('b', 'a')]), 'a', 'nobody')).toBe(false);
  });

  it('are opened by exactly one, wherever they began', () => {
    for (const ring of [['ana', 'ben'], ['cleo', 'ana', 'ben'], ['dan', 'cleo', 'ben', 'ana']]) {
      const by = new Map(ring.map((author, i) => [author, ring[(i + 1) % ring.length] ?? '']));
      const yielding = ring.filter((author) => yields(by, author, by.get(author) ?? ''));
      expect(yielding).toEqual(['ana']);
    }
    expect(yields(new Map([['me', 'ana'], ['ana', 'ben']]), 'me', 'ana')).toBe(false);
  });
});

describe('following', () => {
  const size = { width: 800, height: 600 };

  it('shows all of what the other sees', () => {
    const view = { x: 100, y: -50, w: 1000, h: 300 };
    const camera = cameraOn(view, size);
    const area = { x: camera.x, y: camera.y, w: size.width / camera.zoom, h: size.height / camera.zoom };
    expect(encloses({ x: area.x - 1e-6, y: area.y - 1e-6, w: area.w + 2e-6, h: area.h + 2e-6 }, view)).toBe(true);
  });

  it('arrives, each step nearer', () => {
    const to = cameraOn({ x: 5000, y: 5000, w: 400, h: 300 }, size);
    let now = cameraOn({ x: 0, y: 0, w: 4000, h: 3000 }, size);
    let steps = 0;
    let left = Infinity;
    while (now !== to && steps < 200) {
      now = approach(now, to, 0.2, size);
      const away = Math.abs(Math.log(to.zoom / now.zoom));
      expect(away).toBeLessThanOrEqual(left);
      left = away;
      steps += 1;
    }
    expect(now).toBe(to);
    expect(approach({ x: 0, y: 0, zoom: 1 }, to, 1, size)).toBe(to);
  });
});
