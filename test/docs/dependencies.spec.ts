import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Kind = 'dependencies' | 'devDependencies';

test('docs/dependencies.md gives a reason for every dependency, and lists no others', () => {
  const packages = ['package.json', 'console/package.json'].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<Kind, Record<string, string>>>,
  );
  const explained = readFileSync('docs/dependencies.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
  const named = packages
    .flatMap(({ dependencies, devDependencies }) => Object.keys({ ...dependencies, ...devDependencies }))
    .map((name) => (name.startsWith('@types/') ? '@types/*' : name))
    .toSorted();
  expect([...new Set(explained)].toSorted()).toEqual([...new Set(named)]);
});
