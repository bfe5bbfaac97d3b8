import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import { freePort } from '../../../lab/kit/postgres/free-port.js';
import { warnNotInstalled } from '../../support/postgres/not-installed.js';
import { makeFolder } from '../../support/temp-folder.js';
import { RULES } from './rules.js';

/** Whether Prometheus and its tool are installed. Throws in CI if they are not. */
export function isPrometheusInstalled(): boolean {
  const isInstalled = ['promtool', 'prometheus'].every(
    (program) => spawnSync(program, ['--version']).status === 0,
  );
  if (!isInstalled) warnNotInstalled('Prometheus', 'prometheus');
  return isInstalled;
}

interface Started {
  /** What answers on /metrics, such as http://127.0.0.1:3000. */
  readonly target: string;
  readonly key: string;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** A Prometheus on a free loopback port that scrapes one server each second, with the rules of this repository. */
export class PrometheusServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly removeFolder: () => void,
  ) {}

  static async start({ target, key }: Started): Promise<PrometheusServer> {
    const folder = makeFolder();
    const port = await freePort();
    const config = join(folder.path, 'prometheus.yml');
    writeFileSync(config, configOf(new URL(target).host, key));
    const options = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn('prometheus', options, { stdio: 'ignore' });
    process.once('exit', () => child.kill('SIGKILL'));
    const server = new PrometheusServer(`http://127.0.0.1:${port}`, child, folder.remove);
    await vi.waitUntil(() => server.#isReady(), { timeout: 60_000 });
    return server;
  }

  /** The value of the only series that an expression has at this moment. Undefined if it has none. */
  async valueOf(expr: string): Promise<string | undefined> {
    const { data } = await this.#query(expr);
    return data?.result[0]?.value[1];
  }

  /** Why Prometheus refuses an expression. Null if it accepts it. */
  async refusalOf(expr: string): Promise<string | null> {
    const { status, error } = await this.#query(expr);
    return status === 'success' ? null : (error ?? status);
  }

  /** Each rule, with whether it could be evaluated, and the state of an alert. */
  async rules(): Promise<{ name: string; health: string; lastError?: string; state?: string }[]> {
    const body = (await this.#get('/api/v1/rules')) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    return body.data.groups.flatMap((group) => group.rules);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
    this.removeFolder();
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async #query(expr: string): Promise<Answer> {
    return (await this.#get(`/api/v1/query?query=${encodeURIComponent(expr)}`)) as Answer;
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(this.url + path)).json();
  }
}

function configOf(target: string, key: string): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [resolve(RULES)],
    scrape_configs: [
      { job_name: 'octostore', authorization: { credentials: key }, static_configs: [{ targets: [target] }] },
    ],
  });
}
