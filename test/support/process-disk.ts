import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { testFolder } from './temp-folder.js';

const MB = 1024 * 1024;

/** A disk of a few megabytes that can be filled up. It is removed after the test. */
export class SmallDisk {
  readonly path = testFolder();

  constructor(sizeMb: number) {
    const options = `size=${sizeMb}m,mode=0777`;
    asRoot(['mount', '-t', 'tmpfs', '-o', options, 'octostore-test', this.path]);
    onTestFinished(() => asRoot(['umount', '--lazy', this.path]));
  }

  /** Uses up room. */
  occupy(megabytes: number): void {
    writeFileSync(join(this.path, 'ballast'), Buffer.alloc(megabytes * MB));
  }

  /** Makes the room available again. */
  clear(): void {
    rmSync(join(this.path, 'ballast'));
  }
}

/** Fails instead of skipping: a skipped test shows nothing. */
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
