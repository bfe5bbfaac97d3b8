import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const PAGES = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name));

const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...PAGES].filter((path) =>
  path.endsWith('.md'),
);

test.each(documents)('every link in %s has an existing target', (path) => {
  const text = readFileSync(path, 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  for (const target of targets.filter((link) => !/^https?:/.test(link))) {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file);
    expect(existsSync(linked), target).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(linked), target).toContain(anchor);
  }
});

test.each(documents)('every source path that %s names exists', (path) => {
  const named = [
    ...readFileSync(path, 'utf8').matchAll(/`((?:src|test|lab|scripts|sdks|docs|examples)\/[\w./-]*)`/g),
  ];
  for (const [, source] of named) expect(existsSync(source ?? ''), source).toBe(true);
});

function anchorsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}
