import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { testFolder } from './temp-folder.js';

const MB = 1024 * 1024;

/** A disk of a few megabytes that can be filled up. It goes with the test. */
export class SmallDisk {
  readonly path = testFolder();

  constructor(sizeMb: number) {
    const options = `size=${sizeMb}m,mode=0777`;
    asRoot(['mount', '-t', 'tmpfs', '-o', options, 'octostore-test', this.path]);
    onTestFinished(() => asRoot(['umount', '--lazy', this.path]));
  }

  /** Takes room away. */
  occupy(megabytes: number): void {
    writeFileSync(join(this.path, 'ballast'), Buffer.alloc(megabytes * MB));
  }

  /** Gives it back. */
  clear(): void {
    rmSync(join(this.path, 'ballast'));
  }
}

/** Fails, and never skips: a test that does not run shows nothing. */
function asRoot(command: readonly string[]): void {
  const [name = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  try {
    execFileSync(name, args, { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      `"${command.join(' ')}" did not work. These tests need a small disk: run them on Linux as root, or as a user who may ` +
        'sudo without a password.',
      { cause: error },
    );
  }
}
