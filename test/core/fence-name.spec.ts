import { expect, test } from 'vitest';
import { parseFenceName } from '../../src/core/model/fence.js';

test('a fence name is parsed as it is', () => {
  expect(parseFenceName('db/orders')).toEqual({ ok: true, name: 'db/orders' });
});

test('what is not a name is refused, and the problem speaks of fences', () => {
  const refused = parseFenceName('');
  expect(refused).toMatchObject({ ok: false });
  expect(JSON.stringify(refused)).toContain('fence name');
});
