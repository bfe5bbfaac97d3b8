import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUILT_CONSOLE } from './browser-suite.js';

const BYTES_MAX = 100 * 1024;

test('the console comes to at most 100 KB, compressed', () => {
  const compressed = readdirSync(BUILT_CONSOLE, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.gz'),
  );
  const bytes = compressed.map((path) => statSync(join(BUILT_CONSOLE, path)).size);
  expect(compressed.length).toBeGreaterThan(3);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BYTES_MAX);
});

test('its page has no scripts and styles of its own, and names only files of this server', () => {
  const page = readFileSync(join(BUILT_CONSOLE, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)/);
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  expect(addresses.length).toBeGreaterThan(1);
  for (const address of addresses) expect(address).toMatch(/^\/console\//);
});
