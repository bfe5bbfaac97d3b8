import type { PostgresLocation } from '../../installation/postgres-location.js';

export function readLeader(location: PostgresLocation): Promise<{ url: string; reign: string } | null> {
  throw new Error(`${location.name} cannot be used yet`);
}
