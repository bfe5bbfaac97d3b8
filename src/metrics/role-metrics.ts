import { gauge } from './gauge.js';
import type { MetricsRegistry } from './metrics-registry.js';

interface RoleNow {
  readonly leads: boolean;
  /** The number of the newest term that the server knows. Null if it knows none. */
  readonly term: number | null;
}

/** Adds what the server is to the others on its database. */
export function addRoleMetrics(registers: MetricsRegistry[], now: () => RoleNow): void {
  gauge('octostore_leads', '1 while this server leads, 0 while it stands by', registers, () =>
    Number(now().leads),
  );
  gauge(
    'octostore_term',
    'Number of the newest term that this server knows, 0 if it knows none',
    registers,
    () => now().term ?? 0,
  );
}
