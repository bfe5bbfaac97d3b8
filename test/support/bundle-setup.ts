import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { bundle } from '../../scripts/release/paths.mjs';

const BUILD = 'dist/main.js';

/** Bundles the program, unless the bundle is newer than the build. Specs that start it say so if there is no build. */
export default function makeBundle(): void {
  if (!existsSync(BUILD)) return;
  if (existsSync(bundle) && statSync(bundle).mtimeMs > statSync(BUILD).mtimeMs) return;
  execFileSync(process.execPath, ['scripts/release.mjs', '--only', 'bundle'], { stdio: 'inherit' });
}
