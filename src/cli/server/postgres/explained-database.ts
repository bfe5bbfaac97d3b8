import type { SharedDatabase } from '../../../journal/shared-database.js';
import { explained } from './problems.js';

/** The same database, but errors of its server say what happened and what to do. They are `PostgresError`s. */
export function explainedDatabase(database: SharedDatabase): SharedDatabase {
  return {
    connect: (clock) => withExplanation(() => database.connect(clock)),
    leader: () => withExplanation(() => database.leader()),
    declareRestored: (clock) => withExplanation(() => database.declareRestored(clock)),
    cluster: () => withExplanation(() => database.cluster()),
    finalize: () => withExplanation(() => database.finalize()),
    replication: () => withExplanation(() => database.replication()),
    secretCheck: () => withExplanation(() => database.secretCheck()),
    keepSecretCheck: (check) => withExplanation(() => database.keepSecretCheck(check)),
  };
}

/** Throws a `PostgresError` if `run` fails because of the database's server. */
export async function withExplanation<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explained(error);
  }
}
