import { describe, expect, test } from 'vitest';
import { addressOf, PLAIN_SCREENS, parseRoute, type Route } from '../src/routes/route';

const ROUTES: readonly Route[] = [
  { screen: 'locks', view: 'tree', prefix: '', mine: false },
  { screen: 'locks', view: 'list', prefix: 'deploy/', mine: true },
  { screen: 'locks', view: 'lines', prefix: '', mine: false },
  { screen: 'lock', name: 'deploy/eu/prod' },
  { screen: 'lock', name: '..a/b.c' },
  { screen: 'webhook', id: '550e8400-e29b-41d4-a716-446655440000' },
  ...PLAIN_SCREENS.map((screen) => ({ screen })),
];

describe('addresses', () => {
  test.each(ROUTES)('%o leads back to itself', (route) => {
    const { pathname, search } = new URL(addressOf(route), 'http://host');
    expect(parseRoute(pathname, search)).toEqual(route);
  });

  test.each([
    ['/console', 'locks'],
    ['/console/', 'locks'],
    ['/console/locks/', 'locks'],
    ['/console/locks/a%2Fb', 'lock'],
    ['/console/policy/more', 'unknown'],
    ['/console/nothing', 'unknown'],
    ['/console/locks/%', 'lock'],
  ])('%s shows %s', (pathname, screen) => {
    expect(parseRoute(pathname, '').screen).toBe(screen);
  });

  test('the slashes in a name may be encoded', () => {
    expect(parseRoute('/console/locks/a%2Fb', '')).toEqual({ screen: 'lock', name: 'a/b' });
  });
});
