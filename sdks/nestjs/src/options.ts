import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ClientOptions } from '@octostore/client';

/** How to reach the server, as for a client, and how the application answers. */
export interface OctoStoreModuleOptions extends ClientOptions {
  /** The status of the answer to an HTTP request whose lock is held by someone else. 423 by default. */
  readonly heldStatus?: 409 | 423 | undefined;
}

export interface OctoStoreModuleExtras {
  /** Whether all modules of the application see the client without importing the module. `true` by default. */
  readonly isGlobal?: boolean | undefined;
}

const extras: OctoStoreModuleExtras = { isGlobal: true };

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<OctoStoreModuleOptions>({ moduleName: 'OctoStore' })
    .setClassMethodName('forRoot')
    .setExtras(extras, (definition, { isGlobal = true }) => ({ ...definition, global: isGlobal }))
    .build();
