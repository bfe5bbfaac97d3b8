import type { Workload } from '../load/script.js';

export const PEER_WORKLOADS: readonly Workload[] = [];
