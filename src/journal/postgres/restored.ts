import type { Clock } from '../../clock/clock.js';
import type { PostgresLocation } from '../../installation/postgres-location.js';
import type { DeclaredRestored } from '../shared-database.js';

/** Declares that a database has been restored. See `SharedDatabase`. */
export function declareRestored(location: PostgresLocation, _clock: Clock): Promise<DeclaredRestored> {
  throw new Error(`${location.name} cannot be used yet`);
}
