import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { MembershipAnswer, MembershipSource } from '../memberships/membership-source.js';
import type { OidcClient } from './oidc-client.js';
import type { OidcSettings } from './oidc-settings.js';
import { judged } from './oidc-sign-in-policy.js';

/** Asks the OpenID Connect provider again about an account, with its refresh token. */
export class OidcMemberships implements MembershipSource {
  readonly provider = 'oidc';

  constructor(
    private readonly settings: OidcSettings,
    private readonly client: OidcClient,
  ) {}

  askedFor(): null {
    return null;
  }

  async ask({ subject }: Readonly<UserRow>, credential: string): Promise<MembershipAnswer> {
    // An account of another issuer, from an earlier configuration or an exchange.
    if (!subject.startsWith(`${this.settings.issuer}:`)) return { kind: 'revoked' };
    try {
      const { profile, refreshToken } = await this.client.refresh(credential, subject);
      const confirmed = judged(profile, this.settings);
      if (confirmed === null) return { kind: 'excluded' };
      return { kind: 'confirmed', ...confirmed, credential: refreshToken ?? credential };
    } catch (error) {
      const isRefused = error instanceof OctoStoreError && error.code === 'sign_in_failed';
      return isRefused ? { kind: 'revoked' } : { kind: 'unanswered', retryAfterMs: null };
    }
  }
}
