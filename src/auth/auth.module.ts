import { Global, Module } from '@nestjs/common';
import { AdminKey } from './admin-key.js';
import { AdminGuard, MetricsGuard } from './admin.guard.js';
import { AdminOrUserGuard } from './admin-or-user.guard.js';
import { AdminTokensController } from './admin-tokens.controller.js';
import { AdminServiceAccountsController } from './services/admin-service-accounts.controller.js';
import { OwnedServices } from './services/owned-services.js';
import { ServiceAccountAdministration } from './services/service-account-administration.js';
import { ServiceAccountsController } from './services/service-accounts.controller.js';
import { BreakGlassController } from './break-glass/break-glass.controller.js';
import { Attempts } from './attempts.js';
import { AuditRefusals } from './audit-refusals.js';
import { AuthFailures } from './auth-failures.js';
import { BROWSER_CONTROLLERS, BROWSER_PROVIDERS } from './browser/browser.providers.js';
import { SessionCallers } from './browser/session-callers.js';
import { BearerGuard } from './bearer.guard.js';
import { ClientAddresses } from './client-addresses.js';
import { ClientRateLimit } from './client-rate-limit.js';
import { ExchangeController } from './exchange/exchange.controller.js';
import { EXCHANGE_PROVIDERS } from './exchange/exchange.providers.js';
import { KnownCaller } from './known-caller.js';
import { GitHubController } from './github/github.controller.js';
import { GITHUB_PROVIDERS } from './github/github.providers.js';
import { MEMBERSHIP_PROVIDERS } from './memberships/memberships.providers.js';
import { OidcController } from './oidc/oidc.controller.js';
import { OIDC_PROVIDERS } from './oidc/oidc.providers.js';
import { SignInAudit } from './sign-in/sign-in-audit.js';
import { SignIns } from './sign-in/sign-ins.js';
import { SignInWaysController } from './sign-in/sign-in-ways.controller.js';
import { SignInRateGuard } from './sign-in/sign-in-rate.guard.js';
import { UsedStatesJob } from './sign-in/used-states.job.js';
import { OperatorAccess } from './operator-access.js';
import { TokenController } from './token.controller.js';
import { MeController } from './me.controller.js';
import { OwnTokensController } from './own-tokens.controller.js';
import { RequestOrigins, UnknownOrigins } from './request-origins.js';
import { OwnTokens } from './tokens/own-tokens.js';
import { TokenAdministration } from './tokens/token-administration.js';
import { AdminUsersController } from './users/admin-users.controller.js';
import { UserLister } from './users/user-lister.js';
import { TokenTimesJob } from './tokens/token-times.job.js';

/** Authentication and sign-in. */
@Global()
@Module({
  controllers: [
    GitHubController,
    ExchangeController,
    OidcController,
    SignInWaysController,
    TokenController,
    MeController,
    OwnTokensController,
    AdminTokensController,
    AdminUsersController,
    ServiceAccountsController,
    AdminServiceAccountsController,
    BreakGlassController,
    ...BROWSER_CONTROLLERS,
  ],
  providers: [
    TokenAdministration,
    UserLister,
    OwnTokens,
    OwnedServices,
    ServiceAccountAdministration,
    TokenTimesJob,
    AdminKey,
    ClientAddresses,
    RequestOrigins,
    UnknownOrigins,
    Attempts,
    AuditRefusals,
    AuthFailures,
    ClientRateLimit,
    BearerGuard,
    AdminGuard,
    AdminOrUserGuard,
    OperatorAccess,
    KnownCaller,
    MetricsGuard,
    SignInRateGuard,
    SignInAudit,
    SignIns,
    UsedStatesJob,
    ...BROWSER_PROVIDERS,
    ...GITHUB_PROVIDERS,
    ...EXCHANGE_PROVIDERS,
    ...OIDC_PROVIDERS,
    ...MEMBERSHIP_PROVIDERS,
  ],
  exports: [
    AuditRefusals,
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
