import type { Workload } from '../../../src/bench/load/script.js';
import { etcdLock, etcdTransaction } from './etcd-workloads.js';
import { redisLock } from './redis-workload.js';

/** The `acquire-release` workload for other services. */
export const PEER_WORKLOADS: readonly Workload[] = [etcdLock, etcdTransaction, redisLock];
