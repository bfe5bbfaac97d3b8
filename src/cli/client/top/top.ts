import type { QueueList } from '@octostore/client';
import { pause } from '../../../process/time.js';
import { printable, table, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

export interface TopOptions extends ClientOptions {
  readonly prefix?: string;
  readonly limit?: number;
  /** Seconds. */
  readonly every: number;
  readonly once?: true;
}

/** Lines of a screen that are not locks: how many there are, an empty line, the headings, and where the cursor stays. */
const OTHER_LINES = 4;

/** The server lists at most as many. */
const LINES_MAX = 100;

const CLEAR_SCREEN = '\u001B[H\u001B[2J';

/** `octostore top`: the longest lines, again and again on a terminal, until it is interrupted, and once elsewhere. */
export async function top(options: TopOptions, output: Output): Promise<void> {
  const client = connect(options);
  const { isTTY: isTerminal, rows } = process.stdout;
  const isScreen = isTerminal && options.once === undefined && options.json !== true;
  const limit = options.limit ?? (isScreen ? linesOn(rows) : undefined);
  for (;;) {
    const found = await client.queues({ prefix: options.prefix, limit });
    if (isScreen) process.stdout.write(CLEAR_SCREEN);
    output.show(found, () => describe(found));
    if (!isScreen) return;
    await pause(options.every * 1000);
  }
}

function linesOn(rows: number): number {
  return Math.min(LINES_MAX, Math.max(1, rows - OTHER_LINES));
}

function describe({ queues, total }: QueueList): string {
  if (total === 0) return 'No one is waiting for any lock.';
  const count = total === 1 ? 'Requests wait for one lock.' : `Requests wait for ${total} locks.`;
  const lines = queues.map(({ name, waiters, waitingSince, summary }) => [
    printable(name),
    waiters,
    waitingSince,
    printable(summary),
  ]);
  return `${count}\n\n${table(['lock', 'waiting', 'since', 'why'], lines)}`;
}
