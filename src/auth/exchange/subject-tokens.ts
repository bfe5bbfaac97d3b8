import type { Clock } from '../../clock/clock.js';
import { allowedSubject, assertMeantForUs } from './checked-claims.js';
import { IssuerClient } from './issuer-client.js';
import { IssuerKeys } from './issuer-keys.js';
import { RefusedToken } from './refused-token.js';
import { readToken, SUBJECT_TOKEN_LENGTH_MAX } from './token-text.js';
import type { TrustedIssuer, TrustedIssuers } from './trusted-issuers.js';

/** Who a token is for, as its issuer has proven. */
export interface ProvenSubject {
  readonly issuer: TrustedIssuer;
  readonly name: string;
}

/** Verifies the tokens of trusted issuers. */
export class SubjectTokens {
  readonly #issuers: TrustedIssuers;
  readonly #clock: Clock;
  readonly #keys: ReadonlyMap<string, IssuerKeys>;

  constructor(issuers: TrustedIssuers, clock: Clock) {
    const client = new IssuerClient(clock);
    this.#issuers = issuers;
    this.#clock = clock;
    this.#keys = new Map(
      [...issuers.all()].map((issuer) => [issuer.url, new IssuerKeys(issuer, client, clock)]),
    );
  }

  /**
   * The subject of a token. What only its issuer can know about it is checked after the signature. Throws `RefusedToken`, or
   * `issuer_unavailable`.
   */
  async verify(text: string): Promise<ProvenSubject> {
    if (text.length > SUBJECT_TOKEN_LENGTH_MAX)
      throw new RefusedToken(`It has more than ${SUBJECT_TOKEN_LENGTH_MAX} characters.`);
    const { header, claims } = readToken(text);
    const { iss } = claims;
    const issuer = typeof iss === 'string' ? this.#issuers.find(iss) : null;
    const keys = issuer === null ? undefined : this.#keys.get(issuer.url);
    if (issuer === null || keys === undefined)
      throw new RefusedToken('This server does not trust its issuer.');
    if (typeof header['alg'] !== 'string' || !issuer.algorithms.includes(header['alg']))
      throw new RefusedToken('Its signature algorithm is not allowed.');
    assertMeantForUs(claims, issuer, this.#clock.wallMs());
    await keys.verify(text);
    return { issuer, name: allowedSubject(claims, issuer) };
  }
}
