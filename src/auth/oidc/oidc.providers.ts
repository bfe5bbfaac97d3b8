import type { Provider } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { LockStore } from '../../store/lock-store.js';
import { SealedStates } from '../sign-in/sealed-states.js';
import { UsedStates } from '../sign-in/used-states.js';
import { OidcClient } from './oidc-client.js';
import { oidcFetch } from './oidc-fetch.js';
import { FinishOidcSignInGuard, OidcStateCookie, StartOidcSignInGuard } from './oidc.guards.js';
import { OidcMemberships } from './oidc-memberships.js';
import { oidcSettings, type OidcSettings } from './oidc-settings.js';
import { OidcStrategy } from './oidc.strategy.js';

const PURPOSE = 'oidc-state';

const SETTINGS = Symbol('OidcSettings');

/** All of them are null if sign-in with OpenID Connect is not configured. */
export const OIDC_PROVIDERS: Provider[] = [
  { provide: SETTINGS, inject: [CONFIG], useFactory: oidcSettings },
  {
    provide: OidcStateCookie,
    inject: [CONFIG],
    useFactory: (config: Config) => new OidcStateCookie(config.OIDC_REDIRECT_URI),
  },
  { provide: OidcClient, inject: [SETTINGS, Clock], useFactory: createClient },
  { provide: OidcMemberships, inject: [SETTINGS, OidcClient], useFactory: createMemberships },
  {
    provide: OidcStrategy,
    inject: [SETTINGS, OidcClient, LockStore, SecretBox, OidcStateCookie, UsedStates],
    useFactory: createStrategy,
  },
  StartOidcSignInGuard,
  FinishOidcSignInGuard,
];

function createClient(settings: OidcSettings | null, clock: Clock): OidcClient | null {
  return settings === null ? null : new OidcClient(settings, clock, oidcFetch(clock, settings.caFile));
}

function createMemberships(settings: OidcSettings | null, client: OidcClient | null): OidcMemberships | null {
  return settings === null || client === null ? null : new OidcMemberships(settings, client);
}

function createStrategy(
  settings: OidcSettings | null,
  client: OidcClient | null,
  timeline: LockStore,
  secretBox: SecretBox,
  cookie: OidcStateCookie,
  used: UsedStates,
): OidcStrategy | null {
  if (settings === null || client === null) return null;
  const states = new SealedStates({ timeline, secretBox, cookie, used, purpose: PURPOSE });
  return new OidcStrategy({ settings, states, client, secretBox });
}
