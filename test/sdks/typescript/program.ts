import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** How a program that uses the built package ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly flags?: readonly string[];
  /** Sent once, as soon as the program has written `ready`. */
  readonly signalWhenReady?: NodeJS.Signals;
}

/** Programs that use the built package, each in a process of its own. */
export class Programs {
  // Inside the repository, where programs find the package.
  readonly #folder: string;
  #count = 0;

  /** @param env `OCTOSTORE_BASE_URL` and `OCTOSTORE_TOKEN` of a server. */
  constructor(private readonly env: Readonly<Record<string, string>>) {
    mkdirSync('build', { recursive: true });
    this.#folder = mkdtempSync(resolve('build/programs-'));
  }

  /** Runs a program to its end. */
  async run(code: string, { flags = [], signalWhenReady }: RunOptions = {}): Promise<Ended> {
    const file = join(this.#folder, `${(this.#count += 1)}.mjs`);
    writeFileSync(file, code);
    const child = spawn('node', [...flags, file], { env: { PATH: process.env['PATH'], ...this.env } });
    const texts = { stdout: '', stderr: '' };
    let signalLeft = signalWhenReady;
    child.stderr.on('data', (bytes: Buffer) => (texts.stderr += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => {
      texts.stdout += bytes.toString();
      if (signalLeft === undefined || !texts.stdout.includes('ready')) return;
      child.kill(signalLeft);
      signalLeft = undefined;
    });
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code: exitCode, signal, ...texts };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
