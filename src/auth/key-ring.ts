import { createHash, timingSafeEqual } from 'node:crypto';

/** Keys that are valid for the same purpose, such as an old and a new one. Only their hashes are kept. */
export class KeyRing {
  readonly #hashes: Buffer[] = [];

  constructor(keys: readonly string[]) {
    for (const key of keys) this.add(key);
  }

  add(key: string): void {
    this.#hashes.push(sha256(Buffer.from(key, 'utf8')));
  }

  /**
   * Whether the value of a header is one of the keys. Compares in constant time, with every key.
   *
   * @param headerValue as Node gives it, with each byte as one character.
   */
  has(headerValue: string): boolean {
    const presented = sha256(Buffer.from(headerValue, 'latin1'));
    let isKnown = false;
    for (const known of this.#hashes) isKnown = timingSafeEqual(presented, known) || isKnown;
    return isKnown;
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
