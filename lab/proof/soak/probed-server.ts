import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowMs, pause } from '../../../src/process/time.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import type { ProbeReport } from './probe-report.js';
import type { Sample } from '../../kit/trend.js';

const PROBE = new URL('./probe.js', import.meta.url).href;
const POLL_MS = 20;
const REPORTS_WITHIN_MS = 30_000;

interface ProbedSettings {
  readonly settings: Readonly<Record<string, string>>;
  /** Whether to leak on purpose. */
  readonly leaks: boolean;
  readonly graceSeconds: number;
}

/** The built server, with a probe inside that reports what it uses. */
export class ProbedServer {
  readonly server: RestartedServer;
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-soak-'));
  readonly #report = join(this.#folder, 'report.json');
  readonly #database = join(this.#folder, 'octostore.db');

  constructor({ settings: given, leaks, graceSeconds }: ProbedSettings) {
    const settings = {
      DATABASE_URL: this.#database,
      NODE_OPTIONS: `--import=${PROBE}`,
      SOAK_REPORT: this.#report,
      ...(leaks ? { SOAK_LEAK: '1' } : {}),
      ...given,
    };
    this.server = new RestartedServer({ graceSeconds, settings });
  }

  /** What the server uses at this moment. It collects garbage first, which takes some ten milliseconds. */
  async sample(): Promise<Sample> {
    rmSync(this.#report, { force: true });
    this.server.signal('SIGUSR2');
    const endMs = nowMs() + REPORTS_WITHIN_MS;
    while (!existsSync(this.#report)) {
      if (nowMs() > endMs) throw new Error('the probe in the server does not answer');
      await pause(POLL_MS);
    }
    const report = JSON.parse(readFileSync(this.#report, 'utf8')) as ProbeReport;
    return { ...report, database: sizeOf(this.#database), log: sizeOf(`${this.#database}-wal`) };
  }

  async remove(): Promise<void> {
    await this.server.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
