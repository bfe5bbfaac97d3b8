import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';

/** The key that opens the admin routes, if there is one. Only its hash is kept. */
@Injectable()
export class AdminKey {
  readonly #hash: Buffer | null;

  constructor(@Inject(CONFIG) { ADMIN_KEY }: Pick<Config, 'ADMIN_KEY'>) {
    this.#hash = ADMIN_KEY === undefined ? null : sha256(Buffer.from(ADMIN_KEY, 'utf8'));
  }

  /**
   * Whether a header has the key for its value. Takes the same time however much of it is right.
   *
   * @param headerValue as Node gives it, that is with each byte as one character.
   */
  matches(headerValue: string): boolean {
    return this.#hash !== null && timingSafeEqual(sha256(Buffer.from(headerValue, 'latin1')), this.#hash);
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
