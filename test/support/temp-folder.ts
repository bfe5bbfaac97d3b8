import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder. Remove it with the function that comes with it. */
export function makeFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'octostore-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A new empty folder that goes with the test. */
export function testFolder(): string {
  const { path, remove } = makeFolder();
  onTestFinished(remove);
  return path;
}
