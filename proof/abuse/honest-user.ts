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

/** A user who acquires and releases locks, and expects to be served as always. */
export class HonestUser {
  constructor(
    private readonly abused: AbusedServer,
    private readonly stage: Stage,
  ) {}

  /**
   * Acquires while `attack` goes on, which is told when to end. Where speed is judged, compares how long that takes with how long
   * it takes before and after.
   */
  async isUnharmedBy(name: string, attack: (over: AbortSignal) => Promise<void>): Promise<void> {
    const { findings, judgesSpeed } = this.stage;
    const before = judgesSpeed ? await this.#measure() : null;
    const over = new AbortController();
    const attacking = attack(over.signal);
    attacking.catch(() => undefined);
    const during = await this.#measure().finally(() => over.abort());
    await attacking;
    findings.expect(during.acquires > 0, `nobody was served beside ${name}`);
    if (before !== null) this.#judge(name, [before, await this.#measure()], during);
  }

  #judge(name: string, calm: readonly Measured[], during: Measured): void {
    const { findings } = this.stage;
    const quietMs = Math.max(...calm.map(({ acquireP50Ms, slower }) => acquireP50Ms / slower));
    const boundMs = Math.max(quietMs * FACTOR_PROMISED, quietMs + CHANCE_MS) * during.slower;
    findings.note({
      [`acquires beside ${name}`]: during.text,
      [`  p50 without, ms (at most ${FACTOR_PROMISED} times as much promised)`]: quietMs.toFixed(1),
    });
    const isQuick = during.acquireP50Ms <= boundMs;
    findings.expect(isQuick, `acquires beside ${name}: ${during.text}; without it p50 ${quietMs} ms`);
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
