import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { artefacts } from '../../scripts/release/paths.mjs';

/** Makes the release, unless it is newer than the program and the scripts that make it. */
export default function makeRelease(): void {
  const made = Object.values(artefacts);
  const isComplete = made.every((path) => existsSync(path));
  if (!isComplete || Math.min(...made.map(changedAt)) < Math.max(...sources().map(changedAt)))
    execFileSync(process.execPath, ['scripts/release.mjs'], { stdio: 'inherit' });
}

function sources(): string[] {
  const folders = ['scripts/release', 'packaging/debian'];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return ['dist/main.js', 'package.json', ...files];
}

function changedAt(path: string): number {
  return statSync(path).mtimeMs;
}
