import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { oneKey, type SecretKeys } from './secret-keys.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What came of sealing again with the first key. `current`: it was sealed with that already. `lost`: no key opens it. */
export type Resealed =
  { readonly kind: 'resealed'; readonly sealed: string } | { readonly kind: 'current' | 'lost' };

/** Encrypts and authenticates small secrets with AES-256-GCM and the server's key. Decrypts also what earlier keys have encrypted. */
export class SecretBox {
  readonly #first: Buffer;
  readonly #former: readonly Buffer[];

  /** @param secret the server's keys, or the only one, each of any length. */
  constructor(secret: SecretKeys | string) {
    const { first, all } = typeof secret === 'string' ? oneKey(secret) : secret;
    this.#first = derived(first);
    this.#former = all.filter((key) => key !== first).map(derived);
  }

  /** Whether something may be sealed with another key than the one that seals now. */
  get hasFormerKeys(): boolean {
    return this.#former.length > 0;
  }

  /**
   * Encrypts a text.
   *
   * @param purpose what the secret is for. A sealed text can only be opened for the same purpose, so one kind of secret can
   *   never be passed off as another.
   * @returns base64url text.
   */
  seal(purpose: string, plain: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#first, nonce).setAAD(Buffer.from(purpose));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** Returns the plain text, or null if it was not sealed with one of these keys for this purpose. */
  open(purpose: string, sealed: string): string | null {
    return opened(this.#first, purpose, sealed) ?? this.#openFormer(purpose, sealed);
  }

  /** Seals again what was sealed with an earlier key. */
  reseal(purpose: string, sealed: string): Resealed {
    if (opened(this.#first, purpose, sealed) !== null) return { kind: 'current' };
    const plain = this.#openFormer(purpose, sealed);
    return plain === null ? { kind: 'lost' } : { kind: 'resealed', sealed: this.seal(purpose, plain) };
  }

  /** Signs a text with HMAC-SHA256 and the first key. The signature is valid for this purpose only. In base64url. */
  sign(purpose: string, text: string): string {
    return signature(this.#first, purpose, text).toString('base64url');
  }

  /** Whether one of these keys has signed the text for this purpose. */
  hasSigned(purpose: string, text: string, signed: string): boolean {
    const presented = Buffer.from(signed, 'base64url');
    return [this.#first, ...this.#former].some((key) => {
      const expected = signature(key, purpose, text);
      return presented.length === expected.length && timingSafeEqual(presented, expected);
    });
  }

  #openFormer(purpose: string, sealed: string): string | null {
    for (const key of this.#former) {
      const plain = opened(key, purpose, sealed);
      if (plain !== null) return plain;
    }
    return null;
  }
}

function derived(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'octostore secret box', KEY_BYTES));
}

function opened(key: Buffer, purpose: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(tag);
  try {
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** The name of the use keeps a signature apart from what the key encrypts. */
function signature(key: Buffer, purpose: string, text: string): Buffer {
  return createHmac('sha256', key).update(`sign\0${purpose}\0${text}`).digest();
}
