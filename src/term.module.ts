import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Accounts } from './auth/accounts.js';
import { Journal } from './journal/journal.js';
import { SecretBox } from './secrets/secret-box.js';
import { LockStore } from './store/lock-store.js';
import type { Term } from './term.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';

/** Provides what a term has loaded. Nothing is opened and nothing is written while the application is built. */
@Global()
@Module({})
export class TermModule {
  /** @param term Called when the first provider is made, and so not at all in a preview. */
  static forRoot(term: () => Term): DynamicModule {
    const providers = [
      { provide: LockStore, useFactory: () => term().store },
      { provide: Journal, useFactory: () => term().store.journal },
      { provide: Accounts, useFactory: () => term().accounts },
      { provide: WebhookRegistry, useFactory: () => term().webhooks },
      { provide: SecretBox, useFactory: () => term().secrets },
    ];
    return { module: TermModule, providers, exports: providers };
  }
}
