import { Logger } from '@nestjs/common';
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { IssuerClient } from './issuer-client.js';
import { RefusedToken } from './refused-token.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** How old the keys may be before they are got again, in milliseconds. */
const FRESH_MS = 10 * 60_000;

/** How old they may be if the issuer does not answer. */
const USABLE_MS = 24 * 3_600_000;

/** How long to wait before the issuer is asked again, so that tokens with invented key ids cannot make this server flood it. */
const ASK_AGAIN_MS = 30_000;

/** The same if it has just failed. */
const ASK_AGAIN_AFTER_FAILURE_MS = 5_000;

type KeySelector = ReturnType<typeof createLocalJWKSet>;

interface KnownKeys {
  readonly select: KeySelector;
  /** On the monotonic clock. */
  readonly atMs: number;
}

/** The keys of one issuer. */
export class IssuerKeys {
  readonly #logger = new Logger(IssuerKeys.name);
  readonly #issuer: TrustedIssuer;
  readonly #client: IssuerClient;
  readonly #clock: Clock;
  #known: KnownKeys | null = null;
  /** When the issuer may be asked again. */
  #askAgainAtMs = 0;
  #asking: Promise<void> | null = null;

  constructor(issuer: TrustedIssuer, client: IssuerClient, clock: Clock) {
    this.#issuer = issuer;
    this.#client = client;
    this.#clock = clock;
  }

  /** Verifies a signature. Throws `RefusedToken`, or `issuer_unavailable` if there are no keys to verify it with. */
  async verify(token: string): Promise<void> {
    if (this.#ageMs > FRESH_MS) await this.#ask();
    const { select } = this.#usable();
    try {
      await this.#verifyWith(select, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw refusalOf(error);
      await this.#ask();
      await this.#verifyWith(this.#usable().select, token).catch((again: unknown) => {
        throw refusalOf(again);
      });
    }
  }

  async #verifyWith(select: KeySelector, token: string): Promise<void> {
    await compactVerify(token, select, { algorithms: [...this.#issuer.algorithms] });
  }

  get #ageMs(): number {
    return this.#known === null ? Infinity : this.#clock.monotonicMs() - this.#known.atMs;
  }

  #usable(): KnownKeys {
    if (this.#known !== null && this.#ageMs <= USABLE_MS) return this.#known;
    const retryAfterMs = Math.max(1_000, this.#askAgainAtMs - this.#clock.monotonicMs());
    throw new OctoStoreError('issuer_unavailable', {
      details: `This server could not get the keys of ${this.#issuer.url}.`,
      retryAfterMs,
    });
  }

  /** Gets the keys, unless the issuer was asked a moment ago. All who need them wait for the same answer. */
  async #ask(): Promise<void> {
    if (this.#asking === null && this.#clock.monotonicMs() < this.#askAgainAtMs) return;
    this.#asking ??= this.#get().finally(() => (this.#asking = null));
    await this.#asking;
  }

  async #get(): Promise<void> {
    try {
      const keys = await this.#client.keysOf(this.#issuer);
      const select = createLocalJWKSet(keys as JSONWebKeySet);
      this.#known = { select, atMs: this.#clock.monotonicMs() };
      this.#askAgainAtMs = this.#clock.monotonicMs() + ASK_AGAIN_MS;
    } catch (error) {
      this.#askAgainAtMs = this.#clock.monotonicMs() + ASK_AGAIN_AFTER_FAILURE_MS;
      this.#logger.warn({
        message: 'Could not get the keys of a trusted issuer',
        issuer: this.#issuer.url,
        reason: reasonOf(error),
        hasEarlierKeys: this.#known !== null,
      });
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function refusalOf(error: unknown): RefusedToken {
  if (error instanceof errors.JWKSNoMatchingKey)
    return new RefusedToken('None of the keys of its issuer fits its key id and algorithm.');
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return new RefusedToken('It names no key id, and several keys of its issuer fit.');
  if (error instanceof errors.JOSEAlgNotAllowed)
    return new RefusedToken('Its signature algorithm is not allowed.');
  return new RefusedToken('Its signature is not valid.');
}
