import { describe, expect, it } from 'vitest';
import { isOnlyHere, linkOf, pathOf, readLink } from './links';
import { viewSecretOf } from './view-secret';

const SECRET = 'abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE';
const link = { space: 'a-space-12345678', secret: SECRET };

describe('reading a link', () => {
  it.each([
    pathOf(link),
    linkOf(link, 'http://192.168.0.7:8080'),
    `  ${linkOf(link, 'https://tables.example')}\n`,
    `/s/a-space-12345678/#${SECRET}`,
    // What mail programs and chats append.
    `${pathOf(link)}&utm_source=mail`,
    `${pathOf(link)}.`,
  ])('finds space and secret in %j', (address) => {
    expect(readLink(address)).toEqual(link);
  });

  it.each(['/', '/s/', `/s/short#${SECRET}`, '/s/a-space-12345678', '/s/a-space-12345678#short', `/t/a-space-12345678#${SECRET}`, 'http://', `/s/a-space-12345678/more#${SECRET}`])(
    'finds none in %j',
    (address) => {
      expect(readLink(address)).toBeNull();
    },
  );
});

it.each([
  ['localhost', true],
  ['tables.localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['192.168.0.7', false],
  ['localhost.example', false],
])('%s means this machine only: %s', (host, only) => {
  expect(isOnlyHere(host)).toBe(only);
});

it('the secret of the link for looking follows from the other one (PROTOCOL-50)', () => {
  // base64url(sha256("tablecloth-view" + SECRET)), computed with Python's hashlib.
  expect(viewSecretOf(SECRET)).toBe('8zsMHsCDc3eA7UgslHEpbDyPZA1JJYL1kcPvi9NSUNA');
});
