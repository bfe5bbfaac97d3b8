import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { roleOf, type Cluster, type PastTerm, type SeenReplica } from '../journal/cluster.js';
import { LockStore } from '../store/lock-store.js';
import { VERSION } from '../version.js';
import type { ReplicaBody, ReplicaList, TermBody } from './replicas.dto.js';

/** How many terms are shown. */
const TERMS_MAX = 50;

/** Shows operators the servers on the database. */
@Injectable()
export class Replicas {
  readonly #startedAtMs: number;

  constructor(
    private readonly store: LockStore,
    clock: Clock,
  ) {
    this.#startedAtMs = clock.wallMs();
  }

  /** Where the other servers reach this one. Null if no other one can use the database. */
  get ownUrl(): string | null {
    return this.store.journal.company?.own?.url ?? null;
  }

  async list(): Promise<ReplicaList> {
    const { company } = this.store.journal;
    if (company === null) return { replicas: [this.#alone()], terms: [] };
    const cluster = await company.read();
    return {
      replicas: cluster.replicas.map((replica) => presentReplica(replica, cluster)),
      terms: cluster.terms.slice(0, TERMS_MAX).map(presentTerm),
    };
  }

  #alone(): ReplicaBody {
    return {
      url: null,
      version: VERSION,
      role: 'leader',
      started_at: timeOf(this.#startedAtMs),
      seen_seconds_ago: 0,
      same_settings: true,
    };
  }
}

function presentReplica(replica: SeenReplica, { replicas }: Cluster): ReplicaBody {
  const { url, version, startedAtMs, seenAgoMs, settings } = replica;
  const leader = replicas.find(({ isLeader }) => isLeader);
  return {
    url,
    version,
    role: roleOf(replica),
    started_at: timeOf(startedAtMs),
    seen_seconds_ago: seenAgoMs / 1000,
    same_settings: leader === undefined || leader.settings === settings,
  };
}

function presentTerm({ epoch, url, beganAtMs, reason, skipped }: PastTerm): TermBody {
  return { term: epoch, leader_url: url, began_at: timeOf(beganAtMs), reason, skipped };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
