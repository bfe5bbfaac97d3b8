import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import type { OctoStoreClient } from '@octostore/client';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { OctoStoreModule, type OctoStoreModuleOptions } from '../../../sdks/nestjs/src/index.js';

export interface Replica {
  readonly app: INestApplication;
  readonly url: string;
}

interface Parts {
  readonly providers?: Type[];
  readonly controllers?: Type[];
}

@Module({})
export class ApplicationModule {}

/**
 * Starts an application with these parts, which listens on the loopback interface.
 *
 * @param octostore the options of the module, or modules that import it.
 */
export async function startReplica(
  octostore: OctoStoreModuleOptions | readonly Type[],
  parts: Parts,
): Promise<Replica> {
  const imported = isModules(octostore) ? octostore : [OctoStoreModule.forRoot(octostore)];
  return startApplication({
    module: ApplicationModule,
    imports: [...imported, ScheduleModule.forRoot()],
    ...parts,
  });
}

function isModules(octostore: OctoStoreModuleOptions | readonly Type[]): octostore is readonly Type[] {
  return Array.isArray(octostore);
}

export async function startApplication(module: DynamicModule): Promise<Replica> {
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}` };
}

/** A promise that someone else settles. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export async function holdDuringTest(client: OctoStoreClient, name: string): Promise<void> {
  const lock = await client.hold(name);
  onTestFinished(() => lock.close());
}
