import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** The program folder of a virtual environment with these packages. It is created once and kept. */
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
