import { GONE_AFTER_MS, type Cluster, type SeenReplica, type TermReason } from '../../../journal/cluster.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { EXIT } from '../../shared/exit-codes.js';
import { table, toJson } from '../../shared/output.js';
import type { ClusterDesk } from '../installation/installation.js';

/** How many terms people see. JSON has all. */
const TERMS_SHOWN = 10;

/** `octostore cluster` */
export function clusterDesk(database: SharedDatabase): ClusterDesk {
  return {
    showStatus: async (isJson) => write(describe(await database.cluster(), isJson)),
    finalize: () => finalize(database),
  };
}

async function finalize(database: SharedDatabase): Promise<void> {
  const { formatBefore, format, outdated } = await database.finalize();
  if (outdated.length > 0) {
    const list = outdated.map(({ url, version }) => `${url} (${version})`).join(', ');
    write(`The format of the database is ${format}. Upgrade these servers, then run this again: ${list}.`);
    process.exitCode = EXIT.notAcquired;
  } else if (format > formatBefore) {
    write(`The format of the database is now ${format}. Servers with an older version can no longer lead.`);
  } else write(`The format of the database is ${format}. There is nothing to do.`);
}

function describe(cluster: Cluster, isJson: boolean): string {
  if (isJson) return toJson({ ...cluster, replicas: cluster.replicas.map(withRole) });
  return `${replicasOf(cluster)}\n\nThe format of the database is ${cluster.format}.\n\n${termsOf(cluster)}`;
}

function withRole(replica: SeenReplica): object {
  const { isLeader: _isLeader, ...facts } = replica;
  return { role: roleOf(replica), ...facts };
}

function roleOf({ isLeader, seenAgoMs }: SeenReplica): 'leader' | 'standby' | 'gone' {
  if (seenAgoMs > GONE_AFTER_MS) return 'gone';
  return isLeader ? 'leader' : 'standby';
}

function replicasOf({ replicas }: Cluster): string {
  if (replicas.length === 0) return 'No server has used this database in the last hour.';
  const rows = replicas.map((replica) => [
    roleOf(replica),
    replica.version,
    `${(replica.seenAgoMs / 1_000).toFixed(1)} s ago`,
    replica.url,
  ]);
  return table(['role', 'version', 'seen', 'url'], rows);
}

function termsOf({ terms }: Cluster): string {
  if (terms.length === 0) return 'No server has led on this database yet.';
  const rows = terms
    .slice(0, TERMS_SHOWN)
    .map(({ epoch, beganAtMs, reason, skipped, url }) => [
      epoch,
      new Date(beganAtMs),
      skipped > 0 ? `${REASONS[reason]}; ${skipped} numbers were skipped` : REASONS[reason],
      url ?? '(a command)',
    ]);
  return table(['term', 'began', 'why', 'leader'], rows);
}

const REASONS: Readonly<Record<TermReason, string>> = {
  first: 'the database was new',
  resigned: 'the leader before had stopped',
  silent: 'the leader before was silent',
  restored: 'the database was restored',
  restart: 'the leader began again',
};

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
