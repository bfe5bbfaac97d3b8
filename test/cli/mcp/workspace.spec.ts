import { array, assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { UnusablePath, Workspace } from '../../../src/cli/client/mcp/agent/workspace.js';
import { RULES } from '@octostore/client';

const workspace = new Workspace('acme/shop', '/home/ada/shop');

test.each([
  ['src/app.ts', 'acme/shop/src/app.ts'],
  ['./src//app.ts', 'acme/shop/src/app.ts'],
  ['src/', 'acme/shop/src'],
  ['src\\app.ts', 'acme/shop/src/app.ts'],
  ['/home/ada/shop/src/app.ts', 'acme/shop/src/app.ts'],
  ['app/[id]/page (old).tsx', 'acme/shop/app/_5Bid_5D/page_20_28old_29.tsx'],
  ['caf\u00e9.md', 'acme/shop/caf_C3_A9.md'],
  ['cafe\u0301.md', 'acme/shop/caf_C3_A9.md'],
])('the lock of %s is %s', (path, name) => {
  expect(workspace.lockOf(path)).toBe(name);
});

test.each([
  '..',
  '../a',
  'a/../../b',
  '/etc/passwd',
  '',
  '.',
  '/home/ada/shop',
  'x'.repeat(65),
  'x/'.repeat(130),
])('there is no lock of %s', (path) => {
  expect(() => workspace.lockOf(path)).toThrow(UnusablePath);
});

test('every path is refused, or becomes a name that servers accept', () => {
  const shape = new RegExp(RULES.lock_name_pattern);
  assert(
    property(array(string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 12 }), (parts) => {
      try {
        const name = workspace.lockOf(parts.join('/'));
        expect(name).toMatch(shape);
        expect(name.length).toBeLessThanOrEqual(RULES.lock_name_length_max);
        expect(name.split('/')).not.toContain('..');
      } catch (error) {
        expect(error).toBeInstanceOf(UnusablePath);
      }
    }),
  );
});
