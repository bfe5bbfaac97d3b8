import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { readLimited } from '../limited-text.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** Milliseconds from the request to the last byte of the answer. */
const TIME_LIMIT_MS = 5_000;

/** The most bytes of an answer. Key sets have a few kilobytes. */
const BYTES_MAX = 256 * 1024;

/** A key set, as the issuer sent it. */
export interface KeySet {
  readonly keys: readonly object[];
}

/** How many keys a key set may have. */
const KEYS_MAX = 100;

/**
 * Gets the keys of an issuer. It only calls hosts that the operator has named, so neither a token nor an issuer can send it elsewhere: it
 * follows no redirects, and a discovery document may only name keys on the issuer's own host.
 */
export class IssuerClient {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects with the reason if the issuer has no usable keys. */
  async keysOf(issuer: TrustedIssuer): Promise<KeySet> {
    const url = issuer.jwksUri ?? (await this.#discover(issuer));
    const { keys } = await this.#get(url, issuer);
    if (!Array.isArray(keys) || keys.length > KEYS_MAX || !keys.every(isObject))
      throw new Error('the answer is not a set of keys');
    return { keys };
  }

  async #discover(issuer: TrustedIssuer): Promise<string> {
    const url = `${issuer.url.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer: name, jwks_uri: keys } = await this.#get(url, issuer);
    if (name !== issuer.url) throw new Error('the discovery document is that of another issuer');
    if (
      typeof keys !== 'string' ||
      !URL.canParse(keys) ||
      new URL(keys).origin !== new URL(issuer.url).origin
    )
      throw new Error('the keys are on another host than the issuer. Set jwks_uri if you trust that host');
    return keys;
  }

  async #get(url: string, { caFile, bearerTokenFile }: TrustedIssuer): Promise<Record<string, unknown>> {
    const abort = new AbortController();
    const cancelTimer = this.#clock.after(TIME_LIMIT_MS, () => abort.abort(new Error('no answer in time')));
    // Both files may change while the server runs.
    const agent = new Agent(caFile === null ? {} : { connect: { ca: readFileSync(caFile) } });
    const headers = bearerTokenFile === null ? {} : authorization(bearerTokenFile);
    try {
      const answer = await request(url, {
        dispatcher: agent,
        headers: { 'user-agent': 'OctoStore', accept: 'application/json', ...headers },
        signal: abort.signal,
      });
      if (answer.statusCode !== 200) throw new Error(`the answer has the status ${answer.statusCode}`);
      const value: unknown = JSON.parse(await readLimited(answer.body, BYTES_MAX));
      if (!isObject(value)) throw new Error('the answer is not a JSON object');
      return value;
    } finally {
      cancelTimer();
      agent.destroy().catch(() => undefined);
    }
  }
}

function authorization(file: string): Record<string, string> {
  return { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
