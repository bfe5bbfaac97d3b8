import type { Workload } from '../load/script.js';
import { acquireRelease } from './acquire-release.js';
import { contended } from './contended.js';
import { mixed } from './mixed.js';
import { renew } from './renew.js';
import { sessions } from './sessions.js';
import { status } from './status.js';

/** All workloads, in the order in which they run. */
export const WORKLOADS: readonly Workload[] = [acquireRelease, contended, renew, status, sessions, mixed];
