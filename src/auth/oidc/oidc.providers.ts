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
import { oidcSettings } from './oidc-settings.js';
import { OidcStrategy } from './oidc.strategy.js';

const PURPOSE = 'oidc-state';

export const OIDC_PROVIDERS: Provider[] = [
  {
    provide: OidcStateCookie,
    inject: [CONFIG],
    useFactory: (config: Config) => new OidcStateCookie(config.OIDC_REDIRECT_URI),
  },
  {
    provide: OidcStrategy,
    inject: [CONFIG, Clock, LockStore, SecretBox, OidcStateCookie, UsedStates],
    useFactory: createStrategy,
  },
  StartOidcSignInGuard,
  FinishOidcSignInGuard,
];

/** Null if sign-in with OpenID Connect is not configured. */
function createStrategy(
  config: Config,
  clock: Clock,
  timeline: LockStore,
  secretBox: SecretBox,
  cookie: OidcStateCookie,
  used: UsedStates,
): OidcStrategy | null {
  const settings = oidcSettings(config);
  if (settings === null) return null;
  const client = new OidcClient(settings, clock, oidcFetch(clock, settings.caFile));
  const states = new SealedStates({ timeline, secretBox, cookie, used, purpose: PURPOSE });
  return new OidcStrategy({ settings, states, client });
}
