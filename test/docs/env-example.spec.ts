import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { ENVIRONMENT } from '../../src/config/environment.js';

const lines = readFileSync('.env.example', 'utf8').split('\n');
const described = new Map(
  lines.flatMap((line) => {
    const match = /^#([A-Z_]+)=(.*)$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  }),
);

/** Values in the file that are examples and not defaults. */
const EXAMPLES = new Set(['TRUST_PROXY', 'LOG_FORMAT']);

test('.env.example describes every setting and no other', () => {
  expect([...described.keys()].toSorted()).toEqual(Object.keys(ENVIRONMENT.shape).toSorted());
});

test('.env.example shows the actual defaults', () => {
  const shown = Object.fromEntries([...described].filter(([name]) => !EXAMPLES.has(name)));
  expect(loadConfig(shown)).toEqual(loadConfig({}));
});

test('.env.example is a valid configuration', () => {
  expect(() => loadConfig(Object.fromEntries(described))).not.toThrow();
});
