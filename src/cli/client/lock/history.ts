import type { LockHistory, PastLease } from '@octostore/client';
import { printable, table, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

export interface HistoryOptions extends ClientOptions {
  readonly limit?: number;
  readonly before?: number;
}

/** `octostore lock history NAME`. */
export async function history(name: string, options: HistoryOptions, output: Output): Promise<void> {
  const { limit, before } = options;
  const page = await connect(options).history(name, { limit, before });
  output.show(page, () => describeHistory(page));
}

function describeHistory({ name, leases, nextBefore }: LockHistory): string {
  if (leases.length === 0) return printable(`the event log knows of no lease of ${name}`);
  const rows = leases.map((lease) => [lease.acquiredAt, lease.endedAt, lease.fencingToken, wordsOf(lease)]);
  const lines = table(['acquired', 'ended', 'fencing token', 'what happened'], rows);
  return nextBefore === null ? lines : `${lines}\n\nFor earlier leases, add --before ${nextBefore}`;
}

function wordsOf({ summary, metadata }: PastLease): string {
  return metadata === null ? summary : `${summary} (${metadata})`;
}
