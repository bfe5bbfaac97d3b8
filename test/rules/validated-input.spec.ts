import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../src');

/** The one place that takes bodies and query strings as they are. */
const DECORATORS = 'http/input/valid-input.decorators.ts';

test('no route takes a body or a query string that nobody validates', () => {
  const unvalidated = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== DECORATORS)
    .filter((path) => /@(?:Body|Query)\(/.test(readFileSync(join(SOURCES, path), 'utf8')));
  expect(unvalidated).toEqual([]);
});
