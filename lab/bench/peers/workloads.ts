import type { Workload } from '../../../src/bench/load/script.js';
import { etcdLock, etcdTransaction } from './etcd-workloads.js';
import { redisLock } from './redis-workload.js';

/** The work of `acquire-release` as other services do it. */
export const PEER_WORKLOADS: readonly Workload[] = [etcdLock, etcdTransaction, redisLock];
