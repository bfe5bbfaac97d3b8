import { ownServer } from '../../../src/bench/server/server-under-test.js';
import { Cluster, DURABLE } from '../../kit/postgres/cluster.js';
import { alone, PeerMissing, type RunningPeer } from './peer.js';

const DATABASE = 'octostore';

/** The built server with a PostgreSQL of its own on this machine, without a standby. */
export async function startOnPostgres(): Promise<RunningPeer> {
  const cluster = await Cluster.create(DURABLE);
  if (cluster === null) throw new PeerMissing('apt-get install postgresql');
  try {
    await cluster.query(`create database ${DATABASE}`);
    const server = await ownServer({
      DATABASE_URL: cluster.databaseUrl(DATABASE),
      SECRET_KEY: 'the-secret-key-of-the-benchmark-server',
    });
    return alone(server, () => server.stop().finally(() => cluster.remove()));
  } catch (error) {
    cluster.remove();
    throw error;
  }
}
