import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../kit/random.js';
import type { WriterMessage, WriterTask } from './messages.js';

const WRITER = fileURLToPath(new URL('./writer.js', import.meta.url));

/** How long a writer stays paused after its lease has expired, in milliseconds. */
const OVERSLEEP_MS = { min: 200, max: 1000 };

/** The writer processes, and the elements that they added. */
export class Writers {
  /** The elements whose writes were acknowledged, by item. */
  readonly added = new Map<string, string[]>();
  readonly #children: ChildProcess[] = [];
  readonly #random: Random;
  pauses = 0;
  additions = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  start(count: number, task: Omit<WriterTask, 'writer'>): void {
    for (let writer = 0; writer < count; writer += 1) {
      const child = fork(WRITER, [JSON.stringify({ ...task, writer } satisfies WriterTask)]);
      child.on('message', (message: WriterMessage) => this.#receive(child, message, task.ttlSeconds));
      this.#children.push(child);
    }
    process.once('exit', () => this.kill());
  }

  /** Kills them. A write in progress may still take effect without being acknowledged. */
  kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #receive(child: ChildProcess, message: WriterMessage, ttlSeconds: number): void {
    if (message.kind === 'added') {
      this.additions += 1;
      this.#recordAdded(message.item, message.element);
      return;
    }
    this.pauses += 1;
    const { min, max } = OVERSLEEP_MS;
    setTimeout(() => child.kill('SIGCONT'), ttlSeconds * 1000 + this.#random.between(min, max));
  }

  #recordAdded(item: string, element: string): void {
    const elements = this.added.get(item);
    if (elements === undefined) this.added.set(item, [element]);
    else elements.push(element);
  }
}
