import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Slowdown } from '../server/slowdown.js';
import { TOKENS, type AbusedServer } from './abused-server.js';
import type { Stage } from './attack.js';
import type { HonestResult, HonestTask } from './honest-worker.js';

const WORKER = fileURLToPath(new URL('./honest-worker.js', import.meta.url));

const MEASURED_MS = { small: 400, full: 4000 } as const;

/** By how much an honest user's acquires may take longer while another user does its worst. */
const FACTOR_PROMISED = 2;

/** Less than this is within what any machine adds by chance. In milliseconds. */
const CHANCE_MS = 2;

interface Measured extends HonestResult {
  /** How many times longer the server took because others had the processors. */
  readonly slower: number;
}

/** What else a machine does only ever makes a server slower, so the best of some measurements counts. */
const ATTEMPTS_MAX = 3;

/** A user who acquires and releases locks, and expects to be served as always. */
export class HonestUser {
  #quiet: Measured | null = null;

  constructor(
    private readonly abused: AbusedServer,
    private readonly stage: Stage,
  ) {}

  /** Measures how long acquires take when nobody else does anything, where speed is judged. To be called first. */
  async knowQuiet(): Promise<void> {
    if (this.stage.judgesSpeed) this.#quiet = await this.#measure();
  }

  /** Acquires while `attack` goes on, which is told when to end, or while what was done before goes on. */
  async isUnharmedBy(
    name: string,
    attack: (over: AbortSignal) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const over = new AbortController();
    const attacking = attack(over.signal);
    attacking.catch(() => undefined);
    const during = await this.#best().finally(() => over.abort());
    await attacking;
    const { findings } = this.stage;
    findings.expect(during.acquires > 0, `nobody was served beside ${name}`);
    if (this.#quiet === null) return;
    const quietMs = this.#quiet.acquireP50Ms.toFixed(1);
    findings.note({ [`acquires beside ${name} (quiet: p50 ${quietMs} ms)`]: during.text });
    const isQuick = this.#isQuick(during, this.#quiet);
    findings.expect(isQuick, `acquires beside ${name}: ${during.text}; without it p50 ${quietMs} ms`);
  }

  async #best(): Promise<Measured> {
    let best = await this.#measure();
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (this.#quiet === null || this.#isQuick(best, this.#quiet)) return best;
      const next = await this.#measure();
      if (next.acquireP50Ms < best.acquireP50Ms) best = next;
    }
    return best;
  }

  #isQuick(during: Measured, quiet: Measured): boolean {
    const slower = Math.max(1, during.slower / quiet.slower);
    const boundMs = Math.max(quiet.acquireP50Ms * FACTOR_PROMISED, quiet.acquireP50Ms + CHANCE_MS);
    return during.acquireP50Ms <= boundMs * slower;
  }

  async #measure(): Promise<Measured> {
    const slowdown = new Slowdown(this.abused.server.processId);
    const { address } = this.abused.server;
    const task: HonestTask = { address, token: TOKENS.honest, forMs: MEASURED_MS[this.stage.budget] };
    const worker = fork(WORKER, [JSON.stringify(task)]);
    const kill = (): boolean => worker.kill('SIGKILL');
    process.once('exit', kill);
    const gone = once(worker, 'exit').then(() => {
      throw new Error('the honest user was not served');
    });
    gone.catch(() => undefined);
    const [result] = (await Promise.race([once(worker, 'message'), gone])) as [HonestResult];
    process.off('exit', kill);
    return { ...result, slower: slowdown.take() };
  }
}
