import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { OctoStoreClient } from '@octostore/client';
import { HeldStatusInterceptor } from './held-status.interceptor.js';
import { LeaderElections } from './leader-elections.js';
import { LockRunner } from './lock-runner.js';
import { ManagedClient } from './managed-client.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, type OctoStoreModuleOptions } from './options.js';
import { Stopping } from './stopping.js';

/** Provides an `OctoStoreClient` that ends with the application, and what the decorators need. Import it once, with `forRoot`. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    Stopping,
    {
      provide: OctoStoreClient,
      inject: [MODULE_OPTIONS_TOKEN, Stopping],
      useFactory: (options: OctoStoreModuleOptions, stopping: Stopping) =>
        new ManagedClient(options, stopping),
    },
    LockRunner,
    LeaderElections,
    { provide: APP_INTERCEPTOR, useClass: HeldStatusInterceptor },
  ],
  exports: [OctoStoreClient, LockRunner, LeaderElections],
})
export class OctoStoreModule extends ConfigurableModuleClass {}
