import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/dependencies.md gives a reason for every dependency, and lists no others', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const explained = readFileSync('docs/dependencies.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
  const named = Object.keys({ ...dependencies, ...devDependencies })
    .map((name) => (name.startsWith('@types/') ? '@types/*' : name))
    .toSorted();
  expect([...new Set(explained)].toSorted()).toEqual([...new Set(named)]);
});
