import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { LockStore } from '../store/lock-store.js';
import { VERSION } from '../version.js';
import type { ReadinessResponse, StatusResponse } from './health.dto.js';

/** What the service tells anyone about itself. */
@Injectable()
export class ServiceStatus {
  readonly #startedAtMs: number;

  constructor(
    private readonly store: LockStore,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'DATABASE_URL'>,
  ) {
    this.#startedAtMs = clock.monotonicMs();
  }

  readiness(response: ServerResponse): ReadinessResponse {
    const { readiness } = this.lifecycle;
    if (readiness !== 'ready') response.statusCode = 503;
    return { status: readiness };
  }

  publicStatus(): StatusResponse {
    const { lockCount, sessionCount, waiterCount } = this.store.counts;
    return {
      service: 'OctoStore',
      version: VERSION,
      status: this.lifecycle.readiness,
      role: 'leader',
      term: this.store.epoch,
      database: this.config.DATABASE_URL.engine,
      uptime_seconds: Math.floor((this.clock.monotonicMs() - this.#startedAtMs) / 1000),
      locks_held: lockCount,
      sessions: sessionCount,
      waiters: waiterCount,
    };
  }
}
