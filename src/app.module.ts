import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AdminModule } from './admin/admin.module.js';
import { AuthModule } from './auth/auth.module.js';
import type { Clock } from './clock/clock.js';
import { ClockModule } from './clock/clock.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { EventsModule } from './events/events.module.js';
import { FencesModule } from './fences/fences.module.js';
import { HistoryModule } from './history/history.module.js';
import { HealthModule } from './health/health.module.js';
import { LeasesModule } from './leases/leases.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { LocksModule } from './locks/locks.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PolicyModule } from './policy/policy.module.js';
import { ProofsModule } from './proofs/proofs.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StoreModule } from './store/store.module.js';
import { TermModule } from './term.module.js';
import type { Term } from './term.js';
import { TracingModule } from './tracing/tracing.module.js';
import type { Tracing } from './tracing/tracing.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

interface AppParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly tracing: Tracing;
  /** Called when the first provider is created, so never in a preview. */
  readonly term: () => Term;
}

@Module({})
export class AppModule {
  static forRoot({ config, clock, tracing, term }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        ClockModule.forRoot(clock),
        TracingModule.forRoot(tracing),
        ScheduleModule.forRoot(),
        DiscoveryModule,
        TermModule.forRoot(term),
        StoreModule,
        LifecycleModule,
        AuthModule,
        // Must come before the locks: `GET /locks/{name}/watch` must take precedence over a lock whose name ends in `/watch`.
        EventsModule,
        LocksModule,
        LeasesModule,
        ProofsModule,
        SessionsModule,
        FencesModule,
        HistoryModule,
        WebhooksModule,
        HealthModule,
        MetricsModule,
        AdminModule,
        PolicyModule,
      ],
    };
  }
}
