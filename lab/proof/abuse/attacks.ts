import type { Attack } from './attack.js';
import { badLogs } from './attacks/bad-logs.js';
import { crowd } from './attacks/crowd.js';
import { emptyFolder } from './attacks/empty-folder.js';
import { expiredSessions } from './attacks/expired-sessions.js';
import { goneClients } from './attacks/gone-clients.js';
import { greedyUser } from './attacks/greedy-user.js';
import { linkedDatabase } from './attacks/linked-database.js';
import { pipelines } from './attacks/pipelines.js';
import { shedding } from './attacks/shedding.js';
import { slowReaders } from './attacks/slow-readers.js';
import { strangers } from './attacks/strangers.js';

/** Every attack, in running order. */
export const ATTACKS: readonly Attack[] = [
  strangers,
  pipelines,
  goneClients,
  shedding,
  slowReaders,
  greedyUser,
  expiredSessions,
  crowd,
  badLogs,
  linkedDatabase,
  emptyFolder,
];
