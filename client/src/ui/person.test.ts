import { expect, it } from 'vitest';
import { initialsOf, lookOf, PERSON_COLOURS, PERSON_SHAPES } from './person';

it.each([
  ['Ana', 'A'],
  ['morgan rees', 'MR'],
  ['Jo van der Berg', 'JB'],
  ['table tablet 3', 'T3'],
  ['ليلى', 'ل'],
  ['👩‍👩‍👧 Sam', 'S'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['  ', ''],
  ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('the same pseudonym looks the same', () => {
  expect(lookOf('Ab3-xyz_90ABCDEF')).toEqual(lookOf('Ab3-xyz_90ABCDEF'));
});

it('colours and shapes are spread over people', () => {
  const looks = Array.from({ length: 3600 }, (_, index) => lookOf(`person-${index}`));
  for (const colour of PERSON_COLOURS) {
    for (const shape of PERSON_SHAPES) {
      const alike = looks.filter((look) => look.colour === colour && look.shape === shape).length;
      expect(alike).toBeGreaterThan(50);
    }
  }
});
