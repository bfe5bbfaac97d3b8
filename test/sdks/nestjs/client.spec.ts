import { Injectable, Module } from '@nestjs/common';
import { NotFoundError, OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OctoStoreModule } from '../../../sdks/nestjs/src/index.js';
import { startServer, type TestServer } from '../../support/server.js';
import { ApplicationModule, startApplication, startReplica } from './replica.js';

let server: TestServer;
let outside: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  outside = new OctoStoreClient({ baseUrl: server.url, token: server.token });
});

afterAll(() => server.close());

@Injectable()
class Jobs {
  constructor(readonly client: OctoStoreClient) {}
}

test('the client is injected, and what it has opened ends with the application', async () => {
  const { app } = await startReplica({ baseUrl: server.url, token: server.token }, { providers: [Jobs] });
  const { client } = app.get(Jobs);
  const session = await client.openSession();
  const locks = [
    await client.hold('closing/one'),
    await client.holdAll([{ name: 'closing/two' }, { name: 'closing/three' }]),
    await client.hold('closing/session', { session }),
  ];
  const election = client.elect('closing/leader', {}, () => undefined);
  const updates = client.watch('closing/one')[Symbol.asyncIterator]();
  await updates.next();
  const held = await outside.listLocks({ prefix: 'closing/' });
  expect(held.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['closing/one', 'closing/session', 'closing/three', 'closing/two']),
  );
  await app.close();
  expect(await outside.listLocks({ prefix: 'closing/' })).toEqual([]);
  await expect(outside.sessionStatus(session.sessionId)).rejects.toThrow(NotFoundError);
  expect((await updates.next()).done).toBe(true);
  expect(await election.ended).toBeUndefined();
  expect(locks.map(({ name }) => name)).toEqual(['closing/one', 'closing/two', 'closing/session']);
});

test('the settings can come from other providers', async () => {
  const settings = Symbol('settings');

  @Module({ providers: [{ provide: settings, useFactory: () => server }], exports: [settings] })
  class SettingsModule {}

  const { app } = await startApplication({
    module: ApplicationModule,
    providers: [Jobs],
    imports: [
      OctoStoreModule.forRootAsync({
        imports: [SettingsModule],
        inject: [settings],
        useFactory: ({ url, token }: TestServer) => ({ baseUrl: url, token }),
      }),
    ],
  });
  await app.get(Jobs).client.withLock('settings', {}, async (lock) => {
    expect(await outside.lockStatus(lock.name)).toMatchObject({ status: 'held' });
  });
});
