import { ownServer } from '../../../src/bench/server/server-under-test.js';
import { EtcdCluster, flags, startEtcd } from './etcd.js';
import { startOnPostgres } from './octostore-on-postgres.js';
import { startWithPolicy } from './octostore-with-policy.js';
import { OctoStoreTeam } from './octostore-team.js';
import { startProgram, startScript } from './peer-process.js';
import { alone, type Peer, type PeerGroup } from './peer.js';
import { Shared } from './shared.js';

const REDIS_MISSING = 'apt-get install redis-server';

export const OCTOSTORE: Peer = {
  name: 'OctoStore',
  about: 'the built server; POST acquire and POST release, each a durable write',
  workload: 'acquire-release',
  async start() {
    const server = await ownServer();
    return alone(server, server.stop);
  },
};

export const ON_POSTGRES: Peer = {
  name: 'on PostgreSQL',
  about: 'the built server with its state in PostgreSQL on this machine, without a standby',
  workload: 'acquire-release',
  start: startOnPostgres,
};

export const WITH_POLICY: Peer = {
  name: 'with a policy',
  about: 'the built server with a policy of 1,000 grants',
  workload: 'acquire-release',
  start: startWithPolicy,
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

const team = new Shared(() => OctoStoreTeam.start());
const etcd = new Shared(() => EtcdCluster.start());

export const TEAM_LEADER: Peer = {
  name: 'team',
  about: 'three built servers, PostgreSQL with a synchronous standby; through the server that leads',
  workload: 'acquire-release',
  start: () => team.peer((running) => running.leader()),
};

export const TEAM_STANDBY: Peer = {
  name: 'team standby',
  about: 'the same through a server that does not lead, and forwards',
  workload: 'acquire-release',
  start: () => team.peer((running) => running.standby()),
};

export const ETCD_LEADER: Peer = {
  name: 'etcd team',
  about: 'three nodes; /v3/lock/lock and /v3/lock/unlock through the node that leads',
  workload: 'etcd-lock',
  start: () => etcd.peer((running) => running.leader()),
};

export const ETCD_OTHER: Peer = {
  name: 'etcd other',
  about: 'the same through a node that does not lead, and forwards',
  workload: 'etcd-lock',
  start: () => etcd.peer((running) => running.otherNode()),
};

export const GROUPS: readonly PeerGroup[] = [
  {
    name: 'single',
    about: 'one server of each kind',
    peers: [OCTOSTORE, WITH_POLICY, ON_POSTGRES, ETCD_LOCK, ETCD_TRANSACTION, REDIS, BARE_LIMIT, ECHO],
  },
  {
    name: 'teams',
    about: 'three servers of each kind, and a hop from one to another',
    peers: [TEAM_LEADER, TEAM_STANDBY, ETCD_LEADER, ETCD_OTHER],
  },
];

export const PEERS: readonly Peer[] = GROUPS.flatMap(({ peers }) => peers);
