import { Global, Module } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Journal } from '../journal/journal.js';
import { LockStore } from '../store/lock-store.js';
import { Accounts } from './accounts.js';
import { AdminKey } from './admin-key.js';
import { AdminGuard, MetricsGuard } from './admin.guard.js';
import { AdminTokensController } from './admin-tokens.controller.js';
import { AuthFailures } from './auth-failures.js';
import { BearerGuard } from './bearer.guard.js';
import { ClientAddresses } from './client-addresses.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { KnownCaller } from './known-caller.js';
import { FirstStart } from './first-start.js';
import { GitHubController } from './github/github.controller.js';
import { GITHUB_PROVIDERS } from './github/github.providers.js';
import { TokenController } from './token.controller.js';
import { TokenAdministration } from './tokens/token-administration.js';

/** Who is calling, and how somebody gets to be known. */
@Global()
@Module({
  controllers: [GitHubController, TokenController, AdminTokensController],
  providers: [
    {
      provide: Accounts,
      inject: [Journal, LockStore, Clock, CONFIG],
      useFactory: (journal: Journal, store: LockStore, clock: Clock, config: Config) =>
        Accounts.open(journal, store, clock, config),
    },
    {
      provide: FirstStart,
      inject: [Accounts, CONFIG],
      useFactory: (accounts: Accounts, config: Config) => FirstStart.prepare(accounts, config),
    },
    TokenAdministration,
    AdminKey,
    ClientAddresses,
    AuthFailures,
    ClientRateLimit,
    BearerGuard,
    AdminGuard,
    KnownCaller,
    MetricsGuard,
    ...GITHUB_PROVIDERS,
  ],
  exports: [
    Accounts,
    FirstStart,
    AdminKey,
    AuthFailures,
    ClientRateLimit,
    BearerGuard,
    AdminGuard,
    MetricsGuard,
    KnownCaller,
  ],
})
export class AuthModule {}
