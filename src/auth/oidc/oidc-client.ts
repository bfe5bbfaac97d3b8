import { Logger } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  refreshTokenGrant,
  type CustomFetch,
  type ServerMetadata,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { ALGORITHMS } from '../signature-algorithms.js';
import { isRefusedGrant, isVerdictOnTheUser, reasonOf } from './oidc-failure.js';
import {
  isComplete,
  mergedClaims,
  profileOf,
  subjectIn,
  type Claims,
  type OidcProfile,
} from './oidc-profile.js';
import type { OidcSettings } from './oidc-settings.js';

/** How long the provider's description of itself is used, in milliseconds. */
const DISCOVERY_LIFE_MS = 3_600_000;

/** Signatures that only the provider can make. One with a shared secret or without any is not accepted, whatever the provider says. */
const ACCEPTED: ReadonlySet<string> = new Set([...ALGORITHMS, 'Ed25519']);

/** What proves that a sign-in began here. */
export interface Proofs {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the provider has said about a user, and what it can be asked with again. */
export interface Redeemed {
  readonly profile: OidcProfile;
  /** Null if the provider has given none. */
  readonly refreshToken: string | null;
}

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

interface Discovered {
  readonly metadata: ServerMetadata;
  readonly atMs: number;
}

/**
 * Talks to the OpenID Connect provider. Nothing is sent to it before the first sign-in, so the server starts without it. Its
 * keys are fetched for each sign-in: a new key counts at once, and a withdrawn one no longer does.
 */
export class OidcClient {
  readonly #logger = new Logger(OidcClient.name);
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  readonly #fetch: CustomFetch;
  #discovered: Discovered | null = null;
  #discovering: Promise<Discovered> | null = null;

  constructor(settings: OidcSettings, clock: Clock, fetch: CustomFetch) {
    this.#settings = settings;
    this.#clock = clock;
    this.#fetch = fetch;
  }

  /** The provider's page that asks the user. Throws `oidc_unavailable`. */
  authorizationUrl({ state, nonce, verifier }: Proofs): Promise<URL> {
    return this.#asking(isVerdictOnTheUser, async (provider) =>
      buildAuthorizationUrl(provider, {
        redirect_uri: this.#settings.redirectUri,
        scope: this.#settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    );
  }

  /** Verifies who has returned from that page with these parameters. Throws `sign_in_failed` and `oidc_unavailable`. */
  redeem(parameters: Readonly<Record<string, string>>, proofs: Proofs): Promise<Redeemed> {
    return this.#asking(isVerdictOnTheUser, async (provider) => {
      const url = new URL(this.#settings.redirectUri);
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      const tokens = await authorizationCodeGrant(provider, url, {
        expectedState: proofs.state,
        expectedNonce: proofs.nonce,
        pkceCodeVerifier: proofs.verifier,
        idTokenExpected: true,
      });
      return this.#redeemed(provider, tokens, { ...tokens.claims() });
    });
  }

  /**
   * Asks again about a user who has signed in. Throws `sign_in_failed` if the provider no longer accepts the token, and
   * `oidc_unavailable`.
   *
   * @param subject the subject of the user's account.
   */
  refresh(refreshToken: string, subject: string): Promise<Redeemed> {
    return this.#asking(isRefusedGrant, async (provider) => {
      const tokens = await refreshTokenGrant(provider, refreshToken);
      const sub = subjectIn(this.#settings.issuer, subject);
      const claims = tokens.claims() ?? { sub };
      if (claims.sub !== sub) throw new OctoStoreError('sign_in_failed');
      const { profile, refreshToken: next } = await this.#redeemed(provider, tokens, { ...claims });
      return { profile, refreshToken: next ?? refreshToken };
    });
  }

  async #redeemed(provider: Configuration, tokens: Tokens, signed: Claims): Promise<Redeemed> {
    const { issuer, groupsClaim } = this.#settings;
    const profile = profileOf(issuer, groupsClaim, await this.#completed(provider, tokens, signed));
    if (profile === null) throw this.#unavailable('the claims are not those of a user');
    return { profile, refreshToken: tokens.refresh_token ?? null };
  }

  /** The claims, with those that the provider only gives on request. */
  async #completed(provider: Configuration, tokens: Tokens, claims: Claims): Promise<Claims> {
    const { sub } = claims;
    const hasMore = provider.serverMetadata().userinfo_endpoint !== undefined;
    if (!hasMore || isComplete(this.#settings.groupsClaim, claims) || typeof sub !== 'string') return claims;
    return mergedClaims(claims, { ...(await fetchUserInfo(provider, tokens.access_token, sub)) });
  }

  /** @param isRefusal whether a failure is about the user, and not about the provider. */
  async #asking<T>(
    isRefusal: (error: unknown) => boolean,
    ask: (provider: Configuration) => Promise<T>,
  ): Promise<T> {
    const metadata = await this.#discover();
    try {
      return await ask(this.#configurationFor(metadata));
    } catch (error) {
      if (error instanceof OctoStoreError) throw error;
      if (!isRefusal(error)) throw this.#unavailable(reasonOf(error), error);
      this.#logger.warn({
        message: 'Refused a sign-in',
        issuer: this.#settings.issuer,
        reason: reasonOf(error),
      });
      throw new OctoStoreError('sign_in_failed', { cause: error });
    }
  }

  async #discover(): Promise<ServerMetadata> {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#discovered;
    if (known !== null && nowMs - known.atMs < DISCOVERY_LIFE_MS) return known.metadata;
    this.#discovering ??= this.#fetchMetadata(nowMs).finally(() => (this.#discovering = null));
    this.#discovered = await this.#discovering;
    return this.#discovered.metadata;
  }

  async #fetchMetadata(atMs: number): Promise<Discovered> {
    const { issuer, clientId } = this.#settings;
    const execute = isPlain(issuer) ? [allowInsecureRequests] : [];
    const options = { execute, [customFetch]: this.#fetch };
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, options).catch(
      (error: unknown) => Promise.reject(this.#unavailable(reasonOf(error), error)),
    );
    const metadata = found.serverMetadata();
    if (metadata.issuer !== issuer) {
      throw this.#unavailable(
        `the provider calls itself ${JSON.stringify(metadata.issuer.slice(0, 200))}. Set OIDC_ISSUER to exactly that, if it is right`,
      );
    }
    return { metadata, atMs };
  }

  /** A new one for each use, because it remembers keys. */
  #configurationFor(metadata: ServerMetadata): Configuration {
    const { clientId, clientSecret, issuer } = this.#settings;
    const { token_endpoint_auth_methods_supported: methods } = metadata;
    const authentication = methods?.includes('client_secret_post') ? ClientSecretPost : ClientSecretBasic;
    const provider = new Configuration(
      withSafeAlgorithms(metadata),
      clientId,
      undefined,
      authentication(clientSecret),
    );
    provider[customFetch] = this.#fetch;
    if (isPlain(issuer)) allowInsecureRequests(provider);
    enableNonRepudiationChecks(provider);
    return provider;
  }

  /** Logs why the provider was unusable, and returns the error for the client. */
  #unavailable(reason: string, cause?: unknown): OctoStoreError {
    const { name, issuer } = this.#settings;
    this.#logger.warn({ message: `${name} did not give a usable answer`, issuer, reason });
    return new OctoStoreError('oidc_unavailable', {
      details: `${name} could not be used. The server's log says why.`,
      cause,
    });
  }
}

/** Plain http is only accepted on this machine, which the configuration has checked. */
function isPlain(issuer: string): boolean {
  return issuer.startsWith('http:');
}

function withSafeAlgorithms(metadata: ServerMetadata): ServerMetadata {
  return {
    ...metadata,
    id_token_signing_alg_values_supported: safe(metadata.id_token_signing_alg_values_supported),
    userinfo_signing_alg_values_supported: safe(metadata.userinfo_signing_alg_values_supported),
  };
}

/** OpenID Connect names RS256 as the algorithm of providers that say nothing. */
function safe(algorithms: readonly string[] | undefined): string[] {
  return algorithms?.filter((algorithm) => ACCEPTED.has(algorithm)) ?? ['RS256'];
}
