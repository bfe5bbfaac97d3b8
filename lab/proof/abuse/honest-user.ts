import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Slowdown } from '../server/slowdown.js';
import { TOKENS, type AbusedServer } from './abused-server.js';
import type { AttackContext } from './attack.js';
import type { HonestResult, HonestTask } from './honest-worker.js';

const WORKER = fileURLToPath(new URL('./honest-worker.js', import.meta.url));

const MEASURED_MS = { small: 400, full: 4000 } as const;

/** The promised limit: under attack, an honest user's acquires take at most this many times as long. */
const FACTOR_PROMISED = 2;

/** Smaller differences are noise. In milliseconds. */
const NOISE_MS = 2;

interface Measured extends HonestResult {
  /** The factor by which other processes slowed the server down. */
  readonly slowdown: number;
}

/** Other processes only ever slow the server down, so the best of several measurements counts. */
const ATTEMPTS_MAX = 3;

/** A user who acquires and releases locks, and must be served as usual during an attack. */
export class HonestUser {
  #baseline: Measured | null = null;

  constructor(
    private readonly abused: AbusedServer,
    private readonly context: AttackContext,
  ) {}

  /** Measures how long acquires take without an attack, if speed is checked. Call it first. */
  async measureBaseline(): Promise<void> {
    if (this.context.checksSpeed) this.#baseline = await this.#measure();
  }

  /** Acquires locks while `attack` runs, until its signal aborts it. Without `attack`, earlier work goes on meanwhile. */
  async expectUnharmedBy(
    name: string,
    attack: (over: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const over = new AbortController();
    const attacking = attack(over.signal);
    attacking.catch(() => undefined);
    const during = await this.#best().finally(() => over.abort());
    await attacking;
    const { findings } = this.context;
    findings.expect(during.acquires > 0, `an honest user was not served during ${name}`);
    if (this.#baseline === null) return;
    const baselineMs = this.#baseline.acquireP50Ms.toFixed(1);
    findings.addFigures({ [`acquires during ${name} (baseline: p50 ${baselineMs} ms)`]: during.text });
    const isFastEnough = this.#isFastEnough(during, this.#baseline);
    findings.expect(isFastEnough, `acquires during ${name}: ${during.text}; baseline p50 ${baselineMs} ms`);
  }

  async #best(): Promise<Measured> {
    let best = await this.#measure();
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (this.#baseline === null || this.#isFastEnough(best, this.#baseline)) return best;
      const next = await this.#measure();
      if (next.acquireP50Ms < best.acquireP50Ms) best = next;
    }
    return best;
  }

  #isFastEnough(during: Measured, baseline: Measured): boolean {
    const slowdown = Math.max(1, during.slowdown / baseline.slowdown);
    const boundMs = Math.max(baseline.acquireP50Ms * FACTOR_PROMISED, baseline.acquireP50Ms + NOISE_MS);
    return during.acquireP50Ms <= boundMs * slowdown;
  }

  async #measure(): Promise<Measured> {
    const slowdown = new Slowdown(this.abused.server.processId);
    const { address } = this.abused.server;
    const task: HonestTask = { address, token: TOKENS.honest, forMs: MEASURED_MS[this.context.budget] };
    const worker = fork(WORKER, [JSON.stringify(task)]);
    const kill = (): boolean => worker.kill('SIGKILL');
    process.once('exit', kill);
    const gone = once(worker, 'exit').then(() => {
      throw new Error('the honest user was not served');
    });
    gone.catch(() => undefined);
    const [result] = (await Promise.race([once(worker, 'message'), gone])) as [HonestResult];
    process.off('exit', kill);
    return { ...result, slowdown: slowdown.take() };
  }
}
