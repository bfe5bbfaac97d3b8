import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';

const KEY_BYTES = 32;

/** The keys that open the admin routes: the configured one, if any, and that of this process. Only their hashes are kept. */
@Injectable()
export class AdminKey {
  readonly #hashes: Buffer[];

  constructor(@Inject(CONFIG) { ADMIN_KEY }: Pick<Config, 'ADMIN_KEY'>) {
    this.#hashes = ADMIN_KEY === undefined ? [] : [sha256(Buffer.from(ADMIN_KEY, 'utf8'))];
  }

  /** Makes a further key, which holds as long as the process. */
  issue(): string {
    const key = randomBytes(KEY_BYTES).toString('base64url');
    this.#hashes.push(sha256(Buffer.from(key, 'utf8')));
    return key;
  }

  /**
   * Whether a header has a key for its value. Takes the same time however much of it is right.
   *
   * @param headerValue as Node gives it, that is with each byte as one character.
   */
  matches(headerValue: string): boolean {
    const presented = sha256(Buffer.from(headerValue, 'latin1'));
    return this.#hashes.some((known) => timingSafeEqual(presented, known));
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
