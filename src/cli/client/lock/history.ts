import type { LockHistory, PastLease } from '@octostore/client';
import { printable, table, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

export interface HistoryOptions extends ClientOptions {
  readonly limit?: number;
}

/** `octostore lock history NAME`. */
export async function history(name: string, options: HistoryOptions, output: Output): Promise<void> {
  const found = await connect(options).history(name, { limit: options.limit });
  output.show(found, () => describeHistory(found));
}

function describeHistory({ name, leases }: LockHistory): string {
  if (leases.length === 0) return printable(`no lease of ${name} is known`);
  const rows = leases.map((lease) => [lease.acquiredAt, lease.endedAt, lease.fencingToken, wordsOf(lease)]);
  return table(['acquired', 'ended', 'fencing token', 'what happened'], rows);
}

function wordsOf({ summary, metadata }: PastLease): string {
  return metadata === null ? summary : `${summary} (${metadata})`;
}
