import type { Attack } from './attack.js';
import { goneClients } from './attacks/gone-clients.js';
import { pipelines } from './attacks/pipelines.js';
import { strangers } from './attacks/strangers.js';

/** Every attack, in the order in which they run. */
export const ATTACKS: readonly Attack[] = [strangers, pipelines, goneClients];
