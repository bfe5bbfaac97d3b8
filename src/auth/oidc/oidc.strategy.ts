import { randomBytes, randomUUID } from 'node:crypto';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Request } from 'express';
import passport from 'passport';
import { z } from 'zod';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import { sealCredential } from '../memberships/credential.js';
import type { SealedStates } from '../sign-in/sealed-states.js';
import { SignInRefused } from '../sign-in/sign-in-refused.js';
import type { SignInStep } from '../sign-in/sign-in.guards.js';
import type { Proven } from '../sign-in/proven.js';
import type { OidcClient } from './oidc-client.js';
import type { OidcSettings } from './oidc-settings.js';
import { judged } from './oidc-sign-in-policy.js';

/** What only this server knows about a sign-in that has begun. */
const SECRET = z.object({ verifier: z.string(), nonce: z.string() });

interface Parts {
  readonly settings: OidcSettings;
  readonly states: SealedStates;
  readonly client: OidcClient;
  readonly secretBox: SecretBox;
}

/**
 * Signs a user in with the OpenID Connect provider: verifies their identity, and that they are allowed to sign in. It does not issue
 * a token yet. The strategy that comes with `openid-client` needs sessions on the server, and a provider that is up at the start.
 */
export class OidcStrategy extends passport.Strategy implements OnModuleDestroy {
  // Unique, so that two servers in one process do not share a strategy.
  override readonly name = `oidc-${randomUUID()}`;
  // Passport calls `authenticate` on objects that inherit from this one, and so cannot read its `#` fields.
  private readonly parts: Parts;

  constructor(parts: Parts) {
    super();
    this.parts = parts;
    passport.use(this);
  }

  /** Passport registers strategies by name, globally for the process. */
  onModuleDestroy(): void {
    passport.unuse(this.name);
  }

  override authenticate(request: Request, step: SignInStep & passport.AuthenticateOptions): void {
    const { parts } = this;
    const isStart = step.query['code'] === undefined;
    const outcome = isStart
      ? begin(parts, step).then((url) => this.redirect(url.href))
      : finish(parts, request, step).then((proven) => this.success(proven));
    outcome.catch((error: unknown) => this.error(error));
  }
}

async function begin({ states, client }: Parts, { res }: SignInStep): Promise<URL> {
  const secret = { verifier: randomText(), nonce: randomText() };
  const state = states.begin(res, JSON.stringify(secret));
  return client.authorizationUrl({ state, ...secret });
}

async function finish(
  { states, client, settings, secretBox }: Parts,
  request: Request,
  { query }: SignInStep,
): Promise<Proven> {
  const state = query['state'] ?? '';
  const secret = await states.redeem(request, state);
  if (secret === null) throw new OctoStoreError('sign_in_failed');
  const redeemed = await client.redeem(query, { state, ...SECRET.parse(JSON.parse(secret)) });
  const { identity } = redeemed.profile;
  const confirmed = judged(redeemed.profile, settings);
  if (confirmed === null) throw new SignInRefused(identity);
  const { refreshToken } = redeemed;
  const credential = refreshToken === null ? null : sealCredential(secretBox, identity.subject, refreshToken);
  return { identity, confirmed: { ...confirmed, credential } };
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}
