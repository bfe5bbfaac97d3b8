import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const PROOFS = 'lab/proof';

test('docs/guarantees.md describes every proof', () => {
  const sources = readdirSync(PROOFS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(PROOFS, path), 'utf8'))
    .join('\n');
  const proofs = [...sources.matchAll(/^ {2}name: '([\w-]+)',\n(?: {2}formerName: .+\n)? {2}claim:/gm)];
  const described = readFileSync('docs/guarantees.md', 'utf8').matchAll(/^\| `([\w-]+)` +\| [A-Z]/gm);
  expect(new Set(proofs.map(([, name]) => name))).toEqual(new Set([...described].map(([, name]) => name)));
});
