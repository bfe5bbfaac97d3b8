import { Global, Module } from '@nestjs/common';
import { AdminKey } from './admin-key.js';
import { AdminGuard, MetricsGuard } from './admin.guard.js';
import { AdminOrUserGuard } from './admin-or-user.guard.js';
import { AdminTokensController } from './admin-tokens.controller.js';
import { AuthFailures } from './auth-failures.js';
import { BROWSER_CONTROLLERS, BROWSER_PROVIDERS } from './browser/browser.providers.js';
import { SessionCallers } from './browser/session-callers.js';
import { BearerGuard } from './bearer.guard.js';
import { ClientAddresses } from './client-addresses.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { KnownCaller } from './known-caller.js';
import { GitHubController } from './github/github.controller.js';
import { GITHUB_PROVIDERS } from './github/github.providers.js';
import { OperatorAccess } from './operator-access.js';
import { TokenController } from './token.controller.js';
import { MeController } from './me.controller.js';
import { OwnTokensController } from './own-tokens.controller.js';
import { RequestOrigins, UnknownOrigins } from './request-origins.js';
import { OwnTokens } from './tokens/own-tokens.js';
import { TokenAdministration } from './tokens/token-administration.js';
import { TokenTimesJob } from './tokens/token-times.job.js';

/** Authentication and sign-in. */
@Global()
@Module({
  controllers: [
    GitHubController,
    TokenController,
    MeController,
    OwnTokensController,
    AdminTokensController,
    ...BROWSER_CONTROLLERS,
  ],
  providers: [
    TokenAdministration,
    OwnTokens,
    TokenTimesJob,
    AdminKey,
    ClientAddresses,
    RequestOrigins,
    UnknownOrigins,
    AuthFailures,
    ClientRateLimit,
    BearerGuard,
    AdminGuard,
    AdminOrUserGuard,
    OperatorAccess,
    KnownCaller,
    MetricsGuard,
    ...BROWSER_PROVIDERS,
    ...GITHUB_PROVIDERS,
  ],
  exports: [
    ClientAddresses,
    RequestOrigins,
    AdminKey,
    AuthFailures,
    ClientRateLimit,
    BearerGuard,
    SessionCallers,
    AdminGuard,
    AdminOrUserGuard,
    OperatorAccess,
    MetricsGuard,
    KnownCaller,
  ],
})
export class AuthModule {}
