import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { KeyRing } from './key-ring.js';

const KEY_BYTES = 32;

/** The keys for operators: those that open all of their routes, that of this process included, and those that open the metrics only. */
@Injectable()
export class AdminKey {
  readonly #admin: KeyRing;
  readonly #metrics: KeyRing;

  constructor(@Inject(CONFIG) { ADMIN_KEY, METRICS_KEY }: Pick<Config, 'ADMIN_KEY' | 'METRICS_KEY'>) {
    this.#admin = new KeyRing(ADMIN_KEY);
    this.#metrics = new KeyRing(METRICS_KEY);
  }

  /** Makes a further admin key, which holds as long as the process. */
  issue(): string {
    const key = randomBytes(KEY_BYTES).toString('base64url');
    this.#admin.add(key);
    return key;
  }

  /** Whether a header has an admin key for its value. See `KeyRing.has`. */
  matches(headerValue: string): boolean {
    return this.#admin.has(headerValue);
  }

  /** The same for a key that opens the metrics: an admin key or a metrics key. */
  opensMetrics(headerValue: string): boolean {
    const isMetricsKey = this.#metrics.has(headerValue);
    return this.#admin.has(headerValue) || isMetricsKey;
  }
}
