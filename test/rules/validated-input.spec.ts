import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../src');

/** The one file that reads bodies and query strings before they are validated. */
const DECORATORS = 'http/input/valid-input.decorators.ts';

test('no route uses a body or a query string that is not validated', () => {
  const unvalidated = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== DECORATORS)
    .filter((path) => /@(?:Body|Query)\(/.test(readFileSync(join(SOURCES, path), 'utf8')));
  expect(unvalidated).toEqual([]);
});
