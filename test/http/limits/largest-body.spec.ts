import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Controller, Module, Post, Req } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { HttpAdapter } from '../../../src/http/http-adapter.js';
import { BODY_BYTES_MAX } from '../../../src/http/input/request-body.js';
import { LargestBody } from '../../../src/http/routes/traits.js';
import { serveRequests } from '../../../src/http/serve-requests.js';
import { rawCall, RawConnection, requestText } from '../../../lab/kit/http/raw-http.js';
import { NEW_WORK_MS_MAX } from '../../support/server.js';

@Controller()
class Uploads {
  @Post('usual')
  usual(@Req() { body }: { body: Buffer }): number {
    return body.length;
  }

  @Post('large')
  @LargestBody(100_000)
  large(@Req() { body }: { body: Buffer }): number {
    return body.length;
  }

  @Post('small')
  @LargestBody(10)
  small(@Req() { body }: { body: Buffer }): number {
    return body.length;
  }
}

@Module({ imports: [DiscoveryModule], controllers: [Uploads] })
class UploadsModule {}

const clock = new SystemClock();
let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  const limits = { maxConnections: 10, maxPipelined: 10, unreadMsMax: 30_000 };
  const adapter = new HttpAdapter(clock, { ...limits, trustedProxies: [], tls: null });
  app = await NestFactory.create<NestExpressApplication>(UploadsModule, adapter, {
    bodyParser: false,
    logger: false,
  });
  serveRequests(app, adapter, {
    clock,
    newWorkMsMax: NEW_WORK_MS_MAX,
    lean: true,
    callers: { userOf: () => 'somebody', isBehind: () => true },
    onDone: () => undefined,
  });
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(async () => {
  app.getHttpServer().closeAllConnections();
  await app.close();
});

test.each([
  ['/usual', BODY_BYTES_MAX],
  ['/large', 100_000],
  ['/small', 10],
  ['/large?by=express', 100_000],
])('%s takes a body of %d bytes, and none that is larger', async (path, bytes) => {
  const taken = await rawCall(url, requestText('POST', path, {}, 'x'.repeat(bytes)));
  expect([taken.status, taken.body]).toEqual([201, String(bytes)]);
  const refused = await rawCall(url, requestText('POST', path, {}, 'x'.repeat(bytes + 1)));
  expect(refused.status).toBe(413);
  expect(JSON.parse(refused.body)).toMatchObject({ details: `The limit is ${bytes} bytes.` });
});

test('a client that asks first is told to go on if its body is small enough for the route', async () => {
  const ask = (path: string) =>
    requestText('POST', path, { expect: '100-continue', 'content-length': '20000' });
  const connection = await RawConnection.open(url);
  expect((await connection.send(ask('/large')).reply()).status).toBe(100);
  const other = await RawConnection.open(url);
  expect((await other.send(ask('/usual')).reply()).status).toBe(413);
});

test('where there is no route, a body may be as large as usual', async () => {
  const statusOf = async (bytes: number) =>
    (await rawCall(url, requestText('POST', '/nowhere', {}, 'x'.repeat(bytes)))).status;
  expect([await statusOf(BODY_BYTES_MAX), await statusOf(BODY_BYTES_MAX + 1)]).toEqual([404, 413]);
});
