import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../kit/random.js';
import type { HostTask } from './messages.js';

const HOST = fileURLToPath(new URL('./host.js', import.meta.url));

/** The processes of the clients. */
export class Hosts {
  kills = 0;
  readonly #children = new Map<number, ChildProcess>();
  readonly #end = (): void => this.killAll();

  /** @param failed is called with a sentence if a process ends by itself. */
  constructor(
    private readonly task: Omit<HostTask, 'host' | 'seed'>,
    private readonly tokenOfHost: (host: number) => string,
    private readonly random: Random,
    private readonly failed: (sentence: string) => void,
  ) {
    process.once('exit', this.#end);
  }

  start(): void {
    for (let host = 0; host < this.task.hosts; host += 1) this.#start(host);
  }

  /** Kills a process with SIGKILL, in the middle of whatever its actors do, and starts it again. */
  restartOne(): void {
    const host = this.random.below(this.task.hosts);
    this.#kill(host);
    this.kills += 1;
    this.#start(host);
  }

  killAll(): void {
    for (const host of this.#children.keys()) this.#kill(host);
    process.off('exit', this.#end);
  }

  #start(host: number): void {
    const seed = this.random.below(2 ** 31);
    const task: HostTask = { ...this.task, token: this.tokenOfHost(host), host, seed };
    const child = fork(HOST, [JSON.stringify(task)]);
    this.#children.set(host, child);
    child.once('exit', (code, signal) => {
      if (this.#children.get(host) === child)
        this.failed(`the process of the clients ${host} ended by itself: ${code ?? signal}`);
    });
  }

  #kill(host: number): void {
    const child = this.#children.get(host);
    this.#children.delete(host);
    child?.kill('SIGKILL');
  }
}
