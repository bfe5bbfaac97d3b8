import {
  GONE_AFTER_MS,
  roleOf,
  type Cluster,
  type SeenReplica,
  type TermReason,
} from '../../../journal/cluster.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { RequiredKeys, type Encryption } from '../../../secrets/required-keys.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import { EXIT } from '../../shared/exit-codes.js';
import { table, toJson } from '../../shared/output.js';
import type { ClusterDesk } from '../installation/installation.js';

type Database = Pick<SharedDatabase, 'cluster' | 'finalize' | 'secretCheck'>;

/** How many terms people see. JSON has all. */
const TERMS_SHOWN = 10;

interface Status {
  readonly cluster: Cluster;
  readonly keys: SecretKeys;
  readonly encryption: Encryption;
}

/** `octostore cluster` */
export function clusterDesk(database: Database, keys: SecretKeys): ClusterDesk {
  return {
    showStatus: async (isJson) => write(describe(await statusOf(database, keys), isJson)),
    finalize: () => finalize(database),
  };
}

async function finalize(database: Database): Promise<void> {
  const { formatBefore, format, outdated } = await database.finalize();
  if (outdated.length > 0) {
    const list = outdated.map(({ url, version }) => `${url} (${version})`).join(', ');
    write(`The format of the database is ${format}. Upgrade these servers, then run this again: ${list}.`);
    process.exitCode = EXIT.notAcquired;
  } else if (format > formatBefore) {
    write(`The format of the database is now ${format}. Servers with an older version can no longer lead.`);
  } else write(`The format of the database is ${format}. There is nothing to do.`);
}

async function statusOf(database: Database, keys: SecretKeys): Promise<Status> {
  const cluster = await database.cluster();
  const encryption = await new RequiredKeys(keys).encryptionBy(await database.secretCheck());
  return { cluster, keys, encryption };
}

function describe(status: Status, isJson: boolean): string {
  const { cluster, encryption } = status;
  if (isJson) return toJson({ ...cluster, encryption, replicas: cluster.replicas.map(withRole) });
  const parts = [
    replicasOf(cluster),
    warningOf(cluster),
    encryptionOf(status),
    formatOf(cluster),
    termsOf(cluster),
  ];
  return parts.filter((part) => part !== null).join('\n\n');
}

function formatOf({ format }: Cluster): string {
  return `The format of the database is ${format}.`;
}

/** What the operator should know of the secret keys. Null if there is one, and it is in use. */
function encryptionOf({ encryption, keys }: Status): string | null {
  const { always, ifSeveral } = SENTENCES[encryption];
  return always ?? (keys.listed.length > 1 ? ifSeveral : null);
}

interface Sentences {
  readonly always: string | null;
  /** If this command has several keys. */
  readonly ifSeveral: string | null;
}

const SENTENCES: Readonly<Record<Encryption, Sentences>> = {
  unknown: { always: null, ifSeveral: null },
  first: {
    always: null,
    ifSeveral:
      'All secrets are encrypted with the first key of SECRET_KEY. When it is the first key of every server, you can remove the others.',
  },
  former: {
    always: null,
    ifSeveral:
      'The secrets are encrypted with a later key of SECRET_KEY. The next leader that has another first key encrypts them with that.',
  },
  changing: {
    always:
      'The leader encrypts the secrets with a new key. Until that is done, every server needs the old key and the new one.',
    ifSeveral: null,
  },
  missing: {
    always:
      'Warning: this SECRET_KEY lacks a key that the servers on the database need. A server with it does not start.',
    ifSeveral: null,
  },
};

function warningOf({ replicas }: Cluster): string | null {
  const differing = otherSettings(replicas);
  if (differing.length === 0) return null;
  const list = differing.map(({ url }) => url).join(', ');
  return `Warning: these servers have other settings than the leader, or another SECRET_KEY: ${list}. Give all of them the same.`;
}

/** The servers that run with other settings than the leader. Nothing is known while no one leads. */
export function otherSettings(replicas: readonly SeenReplica[]): readonly SeenReplica[] {
  const running = replicas.filter(({ seenAgoMs }) => seenAgoMs <= GONE_AFTER_MS);
  const leader = running.find(({ isLeader }) => isLeader);
  if (leader === undefined) return [];
  return running.filter(({ settings }) => settings !== leader.settings);
}

function withRole(replica: SeenReplica): object {
  const { isLeader: _isLeader, ...facts } = replica;
  return { role: roleOf(replica), ...facts };
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
