import { Controller, Get, Injectable, Param, Query } from '@nestjs/common';
import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { currentLock, Locked, type LockName } from '../../../sdks/nestjs/src/index.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';
import { gate, holdDuringTest, startReplica, type Replica } from './replica.js';

let server: TestServer;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

@Controller('orders')
class Orders {
  @Get(':id/ship')
  @Locked((id: string) => `orders/${id}`)
  async ship(@Param('id') id: string, @Query('by') by: string): Promise<object> {
    const { fencingToken, handle } = currentLock();
    return { id, by, fencingToken, lock: handle.name };
  }

  @Locked('orders/list', { waitSeconds: 30 })
  @Get()
  async list(): Promise<string> {
    return 'the list';
  }

  @Get('broken')
  @Locked('orders/broken')
  async fail(): Promise<void> {
    throw new Error('no printer');
  }
}

function startShop(heldStatus?: 409): Promise<Replica> {
  const { url: baseUrl, token } = server;
  return startReplica({ baseUrl, token, heldStatus }, { controllers: [Orders] });
}

describe('a handler with a lock', () => {
  test('runs while the lock is held, and knows its fencing token', async () => {
    const { url } = await startShop();
    const response = await fetch(`${url}/orders/7/ship?by=air`);
    expect(await response.json()).toEqual({
      id: '7',
      by: 'air',
      fencingToken: expect.any(Number),
      lock: 'orders/7',
    });
    expect(await bob.lockStatus('orders/7')).toMatchObject({ status: 'available' });
  });

  test('is refused with 423 while someone else holds the lock, without their name', async () => {
    const { url } = await startShop();
    await holdDuringTest(bob, 'orders/8');
    const response = await fetch(`${url}/orders/8/ship`);
    expect(response.status).toBe(423);
    expect(await response.json()).toEqual({
      statusCode: 423,
      message: 'Another request is using this now. Try again later.',
      code: 'lock_held',
    });
    expect((await fetch(`${url}/orders/9/ship`)).status).toBe(200);
  });

  test('is refused with 409 if the application prefers that', async () => {
    const { url } = await startShop(409);
    await holdDuringTest(bob, 'orders/8');
    expect((await fetch(`${url}/orders/8/ship`)).status).toBe(409);
  });

  test('waits in line if it may', async () => {
    const { url } = await startShop();
    const lock = await bob.hold('orders/list');
    const response = fetch(`${url}/orders`);
    await vi.waitUntil(async () => (await bob.queue('orders/list')).queue.length === 1, { timeout: 20_000 });
    await lock.release();
    expect(await (await response).text()).toBe('the list');
  });

  test('releases the lock if it fails', async () => {
    const { url } = await startShop();
    expect((await fetch(`${url}/orders/broken`)).status).toBe(500);
    expect(await bob.lockStatus('orders/broken')).toMatchObject({ status: 'available' });
  });
});

describe('a method with a lock', () => {
  test('of an object that Nest did not create says what to do', async () => {
    await expect(new Orders().list()).rejects.toThrow(
      /^Orders\.list needs a lock.*Make the class a provider/,
    );
  });

  test('does not lend its lock to others', async () => {
    expect(currentLock).toThrow(/^No lock is held here\./);
  });

  test('sees the new fencing token of a lock that it converts', async () => {
    @Injectable()
    class Conversions {
      @Locked('conversions')
      async convert(): Promise<boolean> {
        const lock = currentLock();
        const { fencingToken } = lock;
        await lock.handle.convert('shared');
        await lock.handle.convert('exclusive');
        return lock.fencingToken > fencingToken;
      }
    }

    const { url: baseUrl, token } = server;
    const { app } = await startReplica({ baseUrl, token }, { providers: [Conversions] });
    expect(await app.get(Conversions).convert()).toBe(true);
  });

  test('can call another one, whose lock is then the current one', async () => {
    const seen: string[] = [];
    const see = (): number => seen.push(currentLock().handle.name);
    const outer: LockName<[]> = 'accounts/outer';

    @Injectable()
    class Accounts {
      @Locked(outer)
      async outside(): Promise<void> {
        see();
        await this.inside();
        see();
      }

      @Locked('accounts/inner')
      async inside(): Promise<void> {
        see();
      }
    }

    const { url: baseUrl, token } = server;
    const { app } = await startReplica({ baseUrl, token }, { providers: [Accounts] });
    await app.get(Accounts).outside();
    expect(seen).toEqual(['accounts/outer', 'accounts/inner', 'accounts/outer']);
  });
});

describe('when the application shuts down', () => {
  test('it waits for the methods that run under locks, and tells them', async () => {
    const begun = gate();
    const told = gate();

    @Injectable()
    class Reports {
      @Locked('reports')
      async write(): Promise<Set<string>> {
        const { signal } = currentLock();
        begun.open();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        told.open();
        const statuses = new Set<string>();
        for (let reads = 0; reads < 50; reads += 1) {
          statuses.add((await bob.lockStatus('reports')).status);
        }
        return statuses;
      }
    }

    const { url: baseUrl, token } = server;
    const { app } = await startReplica({ baseUrl, token }, { providers: [Reports] });
    const written = app.get(Reports).write();
    await begun.opened;
    await app.close();
    await told.opened;
    expect(await written).toEqual(new Set(['held']));
    expect(await bob.lockStatus('reports')).toMatchObject({ status: 'available' });
  });

  test('requests that wait for a lock get a 503', async () => {
    const { app, url } = await startShop();
    await holdDuringTest(bob, 'orders/list');
    const response = fetch(`${url}/orders`);
    await vi.waitUntil(async () => (await bob.queue('orders/list')).queue.length === 1, { timeout: 20_000 });
    await app.close();
    expect((await response).status).toBe(503);
  });
});
