import { describe, expect, it } from 'vitest';
import { Device, type Recent, type Shelf } from './device';

function shelf(start: Record<string, string> = {}): Shelf & { readonly kept: Map<string, string> } {
  const kept = new Map(Object.entries(start));
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const visit = (space: string, at: number, more: Partial<Recent> = {}): Recent => ({
  space,
  secret: `edit-of-${space}`,
  view: null,
  title: space,
  mayEdit: true,
  at,
  ...more,
});

describe('a name', () => {
  it('that was never asked for differs from none', () => {
    const device = new Device(shelf());
    expect(device.name).toBeNull();
    device.name = '';
    expect(device.name).toBe('');
  });
});

describe('recent tables', () => {
  it('stand with the latest first, each once', () => {
    const device = new Device(shelf());
    device.remember(visit('one', 1));
    device.remember(visit('two', 2));
    device.remember(visit('one', 3));
    expect(device.recent.map(({ space, at }) => [space, at])).toEqual([
      ['one', 3],
      ['two', 2],
    ]);
    device.forget('one');
    expect(device.recent.map(({ space }) => space)).toEqual(['two']);
  });

  it('keep the link for writing when one comes by the link for looking', () => {
    const device = new Device(shelf());
    device.remember(visit('one', 1));
    device.remember(visit('one', 2, { secret: 'view-of-one', mayEdit: false }));
    expect(device.recentOf('one')).toEqual(visit('one', 2, { view: 'view-of-one' }));
  });

  it('keep the known link for looking when one comes by the one for writing', () => {
    const device = new Device(shelf());
    device.remember(visit('one', 1, { secret: 'view-of-one', mayEdit: false }));
    device.remember(visit('one', 2));
    expect(device.recentOf('one')).toEqual(visit('one', 2, { view: 'view-of-one' }));
  });

  it('are at most forty', () => {
    const device = new Device(shelf());
    for (let at = 0; at < 60; at += 1) device.remember(visit(`space-${at}`, at));
    expect([device.recent.length, device.recent[0]?.space]).toEqual([40, 'space-59']);
  });

  it.each(['nonsense', '{}', '[1, null, {"space": 1}]', '[{"space": "a"}]'])('survive %s in the shelf', (text) => {
    expect(new Device(shelf({ 'tablecloth.recent': text })).recent).toEqual([]);
  });
});

it('a full shelf loses the remembering and nothing else', () => {
  const full = { ...shelf(), setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } };
  const device = new Device(full);
  device.name = 'Ana';
  device.remember(visit('one', 1));
  expect([device.name, device.recent]).toEqual([null, []]);
});
