import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { KeyRing } from './key-ring.js';

const KEY_BYTES = 32;

/** The operators' keys: admin keys, which open all operator routes and include the key of this process, and metrics keys. */
@Injectable()
export class AdminKey {
  readonly #admin: KeyRing;
  readonly #metrics: KeyRing;

  constructor(@Inject(CONFIG) { ADMIN_KEY, METRICS_KEY }: Pick<Config, 'ADMIN_KEY' | 'METRICS_KEY'>) {
    this.#admin = new KeyRing(ADMIN_KEY);
    this.#metrics = new KeyRing(METRICS_KEY);
  }

  /** Creates another admin key, which is valid as long as this process runs. */
  issue(): string {
    const key = randomBytes(KEY_BYTES).toString('base64url');
    this.#admin.add(key);
    return key;
  }

  /** Makes a key that others can derive another admin key, which is valid as long as this process runs. */
  accept(key: string): void {
    this.#admin.add(key);
  }

  /** Whether the value of a header is an admin key. See `KeyRing.has`. */
  matches(headerValue: string): boolean {
    return this.#admin.has(headerValue);
  }

  /** Whether the value of a header is a key that opens the metrics: an admin key or a metrics key. */
  opensMetrics(headerValue: string): boolean {
    const isMetricsKey = this.#metrics.has(headerValue);
    return this.#admin.has(headerValue) || isMetricsKey;
  }
}
