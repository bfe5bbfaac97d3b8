import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const contributing = readFileSync('CONTRIBUTING.md', 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md')];

test.each(documents)('every npm script that %s names exists', (path) => {
  const named = [...readFileSync(path, 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('CONTRIBUTING.md runs specs that exist', () => {
  const lines = [...contributing.matchAll(/npx vitest (.+?)(?:`|#|$)/gm)].map(([, line]) => line ?? '');
  const paths = lines.flatMap((line) => line.split(' ')).filter((word) => word.includes('/'));
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('CONTRIBUTING.md names proofs and scenarios that exist', () => {
  const sources = [...filesIn('lab/proof', '.ts'), ...filesIn('sdks/conformance/scenarios', '.yaml')];
  const text = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  const named = [...contributing.matchAll(/--only ([\w,-]+)/g)].flatMap(
    ([, names]) => names?.split(',') ?? [],
  );
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(text).toMatch(new RegExp(`(name|formerName): '?${name}\\b`, 'i'));
});

function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}
