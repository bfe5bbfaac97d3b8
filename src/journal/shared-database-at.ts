import type { PostgresLocation } from '../installation/postgres-location.js';
import { keepSecretCheck, readReplication, readSecretCheck } from './postgres/cluster/common-facts.js';
import { finalize } from './postgres/cluster/finalize.js';
import { readCluster } from './postgres/cluster/read-cluster.js';
import { PostgresJournal } from './postgres/postgres-journal.js';
import { readLeader } from './postgres/read-leader.js';
import { declareRestored } from './postgres/restored.js';
import type { SharedDatabase } from './shared-database.js';

/** The database at a location that several processes can connect to. Does not connect to it. */
export function sharedDatabaseAt(location: PostgresLocation): SharedDatabase {
  return {
    connect: (clock) => PostgresJournal.connect(location, clock),
    leader: () => readLeader(location),
    declareRestored: (clock) => declareRestored(location, clock),
    cluster: () => readCluster(location),
    finalize: () => finalize(location),
    replication: () => readReplication(location),
    secretCheck: () => readSecretCheck(location),
    keepSecretCheck: (check) => keepSecretCheck(location, check),
  };
}
