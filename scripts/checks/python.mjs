import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** The folder with the programs of a virtual environment that has these packages. It is kept, so it is made once. */
export function pythonTools(packages) {
  const folder = join(root, 'build', 'python', packages.join('-').replace(/[^\w.-]+/g, '-'));
  const marker = join(folder, 'complete');
  if (!existsSync(marker)) {
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    mkdirSync(marker);
  }
  return join(folder, 'bin');
}
