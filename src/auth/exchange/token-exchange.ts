import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { issuedSubjectText } from '../../access/policy/oidc-subject.js';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import { AuthFailures } from '../auth-failures.js';
import { ClientRateLimit } from '../client-rate-limit.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { Identity } from '../user-directory.js';
import { ACCESS_TOKEN_TYPE, type ExchangeRequest, type ExchangeResponse } from './exchange.dto.js';
import { RefusedToken } from './refused-token.js';
import { SubjectTokens, type ProvenSubject } from './subject-tokens.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** How long an exchanged token lasts, in seconds. */
export const EXCHANGED_TOKEN_SECONDS = 900;

/** Exchanges tokens of trusted issuers for tokens of this server. */
@Injectable()
export class TokenExchange {
  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly subjectTokens: SubjectTokens,
    private readonly accounts: Accounts,
    private readonly failures: AuthFailures,
    private readonly rateLimit: ClientRateLimit,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws `exchange_not_configured` if this server trusts no issuer, `subject_token_refused`, `subject_not_allowed`, `issuer_unavailable`,
   * `validation_failed` and `rate_limited`.
   */
  async exchange(
    asked: ExchangeRequest,
    request: IncomingMessage,
    origin: Origin,
  ): Promise<ExchangeResponse> {
    if (this.issuers.isEmpty) throw new OctoStoreError('exchange_not_configured');
    const { issuer, name } = await this.#verify(asked.subject_token, request);
    if (asked.audience != null && asked.audience !== '' && asked.audience !== issuer.audience)
      throw new OctoStoreError('validation_failed', {
        details: `The audience must be ${issuer.audience}, or left out.`,
      });
    const identity = identityOf(issuedSubjectText({ issuer: issuer.url, name }), name);
    this.#assertWithinRate(identity);
    const expiresAtMs = this.clock.wallMs() + EXCHANGED_TOKEN_SECONDS * 1000;
    const { token, user } = await this.accounts.changes.exchange(identity, expiresAtMs, origin);
    return {
      access_token: token,
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: 'Bearer',
      expires_in: EXCHANGED_TOKEN_SECONDS,
      user: qualifiedLogin(user),
      user_id: user.userId,
    };
  }

  /** A refused token counts like any other failed authentication. */
  async #verify(text: string, request: IncomingMessage): Promise<ProvenSubject> {
    try {
      return await this.subjectTokens.verify(text);
    } catch (error) {
      if (!(error instanceof RefusedToken)) throw error;
      throw this.failures.refusal(request, 'subject_token', error.publicError);
    }
  }

  #assertWithinRate({ subject }: Identity): void {
    const [user] = this.accounts.usersNamed({ provider: 'oidc', login: subject });
    if (user !== undefined) this.rateLimit.admit({ userId: user.userId as UserId });
  }
}

function identityOf(subject: string, login: string): Identity {
  return { provider: 'oidc', subject, login, avatarUrl: null };
}
