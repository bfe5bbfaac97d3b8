import { ownServer } from '../../../src/bench/server/server-under-test.js';
import { startOnPostgres } from './octostore-on-postgres.js';
import { startProgram, startScript } from './peer-process.js';
import type { Peer } from './peer.js';

const ETCD_MISSING = 'apt-get install etcd-server';
const REDIS_MISSING = 'apt-get install redis-server';

export const OCTOSTORE: Peer = {
  name: 'OctoStore',
  about: 'the built server; POST acquire and POST release, each a durable write',
  workload: 'acquire-release',
  start: () => ownServer(),
};

export const ON_POSTGRES: Peer = {
  name: 'on PostgreSQL',
  about: 'the built server with its state in PostgreSQL on this machine, without a standby',
  workload: 'acquire-release',
  start: startOnPostgres,
};

export const BARE_LIMIT: Peer = {
  name: 'bare limit',
  about: 'the same store behind a bare Node.js HTTP server: no tokens, no validation, no limits',
  workload: 'acquire-release',
  start: () => startScript('./bare-store-server.js'),
};

export const ETCD_LOCK: Peer = {
  name: 'etcd lock',
  about: 'one node, HTTP/JSON gateway; /v3/lock/lock and /v3/lock/unlock under a lease granted beforehand',
  workload: 'etcd-lock',
  start: startEtcd,
};

export const ETCD_TRANSACTION: Peer = {
  name: 'etcd txn',
  about: 'the same with one /v3/kv/txn each, from which clients build their own locks',
  workload: 'etcd-txn',
  start: startEtcd,
};

export const REDIS: Peer = {
  name: 'Redis',
  about:
    'appendfsync always; SET NX PX, and a script that compares and deletes. Its own protocol, no fencing tokens',
  workload: 'redis-lock',
  start: () =>
    startProgram(
      'redis-server',
      ({ host, ports: [port], folder }) =>
        flags({
          bind: host,
          port: String(port),
          dir: folder,
          appendonly: 'yes',
          appendfsync: 'always',
          save: '',
        }),
      REDIS_MISSING,
    ),
};

export const ECHO: Peer = {
  name: 'bare echo',
  about: 'a bare Node.js HTTP server that reads the request and answers; nothing is stored',
  workload: 'acquire-release',
  start: () => startScript('./echo-server.js'),
};

/** In display order. */
export const PEERS: readonly Peer[] = [
  OCTOSTORE,
  ON_POSTGRES,
  ETCD_LOCK,
  ETCD_TRANSACTION,
  REDIS,
  BARE_LIMIT,
  ECHO,
];

function startEtcd(): ReturnType<Peer['start']> {
  return startProgram(
    'etcd',
    ({ host, ports: [port, peerPort], folder }) => {
      const [client, peer] = [`http://${host}:${port}`, `http://${host}:${peerPort}`];
      return flags({
        'data-dir': folder,
        'log-level': 'error',
        logger: 'zap',
        'listen-client-urls': client,
        'advertise-client-urls': client,
        'listen-peer-urls': peer,
        'initial-advertise-peer-urls': peer,
        'initial-cluster': `default=${peer}`,
      });
    },
    ETCD_MISSING,
  );
}

function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
