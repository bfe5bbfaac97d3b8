import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Access } from './access/access.js';
import { AuditTrail } from './audit/audit-trail.js';
import { Accounts } from './auth/accounts.js';
import { TrustedIssuers } from './auth/exchange/trusted-issuers.js';
import { UsedStates } from './auth/sign-in/used-states.js';
import { Journal } from './journal/journal.js';
import { PolicyVersions } from './policy/policy-versions.js';
import { ProofKeys } from './proofs/keys/proof-keys.js';
import { SecretBox } from './secrets/secret-box.js';
import { LockStore } from './store/lock-store.js';
import type { Term } from './term.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';

/** Provides the objects that a term has loaded. Building the application opens and writes nothing. */
@Global()
@Module({})
export class TermModule {
  /** @param term called when the first provider is created, so never in a preview. */
  static forRoot(term: () => Term): DynamicModule {
    const providers = [
      { provide: LockStore, useFactory: () => term().store },
      { provide: Journal, useFactory: () => term().store.journal },
      { provide: Accounts, useFactory: () => term().accounts },
      { provide: AuditTrail, useFactory: () => term().trail },
      { provide: Access, useFactory: () => term().access },
      { provide: PolicyVersions, useFactory: () => term().policies },
      { provide: UsedStates, useFactory: () => term().usedStates },
      { provide: WebhookRegistry, useFactory: () => term().webhooks },
      { provide: ProofKeys, useFactory: () => term().proofKeys },
      { provide: TrustedIssuers, useFactory: () => term().issuers },
      { provide: SecretBox, useFactory: () => term().secrets },
    ];
    return { module: TermModule, providers, exports: providers };
  }
}
