import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect } from 'vitest';
import type { CheckedClient } from '../../../support/schema-client.js';
import { makeFolder } from '../../../support/temp-folder.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { IssuerDouble } from '../../../../lab/kit/doubles/issuer-double.js';
import type { Reply } from '../../../../lab/kit/http/client.js';
import { Suite } from '../../suite.js';

export const AUDIENCE = 'https://locks.example.com';

/** The subject of the tokens that tests use most. */
export const MAIN = 'repo:acme/app:ref:refs/heads/main';

const GRANT = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
};

/** A server that trusts an issuer, with a clock that tests move. */
export class ExchangeSuite extends Suite {
  readonly clock = new ManualClock();
  #issuer: IssuerDouble | null = null;
  #folder: ReturnType<typeof makeFolder> | null = null;

  get issuer(): IssuerDouble {
    if (this.#issuer === null) throw new Error('the issuer runs during tests only');
    return this.#issuer;
  }

  /** Claims that are in order. Times are those of the server's clock, in seconds. */
  claims(changes: JWTPayload = {}): JWTPayload {
    const now = Math.floor(this.clock.wallMs() / 1000);
    return { sub: MAIN, aud: AUDIENCE, iat: now, nbf: now, exp: now + 300, ...changes };
  }

  /** A token of the issuer that is in order, but for these claims. */
  token(changes: JWTPayload = {}): Promise<string> {
    return this.issuer.sign(this.claims(changes));
  }

  exchange(subjectToken: string, changes: Record<string, unknown> = {}): Promise<Reply> {
    return this.nobody.post('/auth/exchange', { ...GRANT, subject_token: subjectToken, ...changes });
  }

  /** A client with an exchanged token. */
  async job(changes: JWTPayload = {}): Promise<CheckedClient> {
    const { body, status } = await this.exchange(await this.token(changes));
    expect(status).toBe(200);
    return this.nobody.as(String(body['access_token']));
  }

  /** @param entry what the file of trusted issuers says about the issuer, besides its URL. */
  async begin(entry: object, environment: Record<string, string>): Promise<void> {
    this.#issuer = await IssuerDouble.start();
    this.#folder = makeFolder();
    const file = join(this.#folder.path, 'issuers.yaml');
    const issuer = { issuer: this.issuer.url, ca_file: this.issuer.certificate.caFile, ...entry };
    writeFileSync(file, JSON.stringify({ issuers: [issuer] }));
    await this.start({ TRUSTED_ISSUERS_FILE: file, ...environment }, this.clock);
  }

  async end(): Promise<void> {
    await this.stop();
    await this.#issuer?.close();
    this.#folder?.remove();
  }
}

/** Starts such a server before the tests of this file and stops it after them. */
export function useExchange(
  entry: object = { audience: AUDIENCE, subjects: ['repo:acme/*'] },
  environment: Record<string, string> = {},
): ExchangeSuite {
  const suite = new ExchangeSuite();
  beforeAll(() => suite.begin(entry, environment));
  afterAll(() => suite.end());
  return suite;
}
