import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Accounts } from './auth/accounts.js';
import { Journal } from './journal/journal.js';
import { SecretBox } from './secrets/secret-box.js';
import { LockStore } from './store/lock-store.js';
import type { Term } from './term.js';
import { WebhookRegistry } from './webhooks/subscriptions/webhook-registry.js';

/** What has been led and loaded before the application was built. Nothing is opened, and nothing written, to build it. */
@Global()
@Module({})
export class TermModule {
  /** @param term Asked for as soon as anything is made. */
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
