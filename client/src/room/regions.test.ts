import { expect, it } from 'vitest';
import { nextRegion, REGIONS } from './regions';

it('F6 walks round, both ways, and begins at an end', () => {
  expect(nextRegion(REGIONS, 'bar', false)).toBe('tools');
  expect(nextRegion(REGIONS, 'outline', false)).toBe('bar');
  expect(nextRegion(REGIONS, 'bar', true)).toBe('outline');
  expect(nextRegion(REGIONS, null, false)).toBe('bar');
  expect(nextRegion(REGIONS, null, true)).toBe('outline');
  expect(nextRegion(['bar', 'cloth'], 'bar', false)).toBe('cloth');
  expect(nextRegion([], null, false)).toBeNull();
});
