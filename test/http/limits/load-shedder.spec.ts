import { describe, expect, test } from 'vitest';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { LoadShedder } from '../../../src/http/load-shedder.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RawConnection, requestText } from '../../support/raw-http.js';
import { ALICE, NEW_WORK_MS_MAX } from '../../support/server.js';
import { acquire, newName, useServer } from '../suite.js';

const ACQUIRE = ['POST', '/locks/a/acquire'] as const;

/** Resolves in the next turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A shedder in a turn of the event loop whose first request came this long ago. */
function behind(milliseconds: number): { shedder: LoadShedder; clock: ManualClock } {
  const clock = new ManualClock();
  const shedder = new LoadShedder(clock, NEW_WORK_MS_MAX);
  expect(shedder.mustRefuse(...ACQUIRE, clock.monotonicMs())).toBe(false);
  clock.advance(milliseconds);
  return { shedder, clock };
}

describe('a turn of the event loop', () => {
  test('takes on new work for a while, and then no more', () => {
    const { shedder, clock } = behind(NEW_WORK_MS_MAX);
    expect(shedder.mustRefuse(...ACQUIRE, clock.monotonicMs())).toBe(false);
    clock.advance(1);
    expect(shedder.mustRefuse(...ACQUIRE, clock.monotonicMs())).toBe(true);
  });

  test('is followed by one that begins anew', async () => {
    const { shedder, clock } = behind(NEW_WORK_MS_MAX + 1);
    await nextTurn();
    expect(shedder.mustRefuse(...ACQUIRE, clock.monotonicMs())).toBe(false);
  });

  test('does not begin before its first request', async () => {
    const { shedder, clock } = behind(0);
    await nextTurn();
    clock.advance(60_000);
    expect(shedder.mustRefuse(...ACQUIRE, clock.monotonicMs())).toBe(false);
  });
});

describe('when the server is behind', () => {
  test.each([
    ['POST', '/locks/a/renew'],
    ['POST', '/locks/a/b%2Fc/release'],
    ['POST', '/sessions/0e0f/keepalive'],
    ['DELETE', '/sessions/0e0f'],
    ['DELETE', '/admin/tokens?user=ada'],
    ['GET', '/health'],
    ['HEAD', '/health/live'],
    ['GET', '/health/ready?verbose'],
    ['GET', '/metrics'],
    ['GET', '/status'],
    ['GET', '/admin/status'],
    ['DELETE', '/admin/tokens/ba7816bf8f01cfea'],
  ])('%s %s is still served', (method, path) => {
    const { shedder, clock } = behind(60_000);
    expect(shedder.mustRefuse(method, path, clock.monotonicMs())).toBe(false);
  });

  test.each([
    ['POST', '/locks/a/acquire'],
    ['POST', '/locks/a/renew/acquire'],
    ['POST', '/locks/a/acquire?/renew'],
    ['POST', '/sessions'],
    ['GET', '/locks/a'],
    ['GET', '/locks/a/renew'],
    ['GET', '/watch'],
    ['GET', '/healthy'],
    ['DELETE', '/webhooks/0e0f'],
    ['POST', '/admin/tokens'],
    ['BREW', '/health'],
  ])('%s %s is refused', (method, path) => {
    const { shedder, clock } = behind(60_000);
    expect(shedder.mustRefuse(method, path, clock.monotonicMs())).toBe(true);
  });
});

/** A machine on which every look at the clock takes long, while it is told so. */
class SluggishClock extends SystemClock {
  #lostMs = 0;
  isSluggish = false;

  override monotonicMs(): number {
    if (this.isSluggish) this.#lostMs += NEW_WORK_MS_MAX + 1;
    return super.monotonicMs() + this.#lostMs;
  }
}

describe('requests that come together', () => {
  const clock = new SluggishClock();
  const suite = useServer({}, clock);

  test('are answered once, also when the rest of one that was refused is broken', async () => {
    const connection = await RawConnection.open(suite.server.url);
    const chunked = { authorization: `Bearer ${suite.server.token}`, 'transfer-encoding': 'chunked' };
    clock.isSluggish = true;
    connection.send(
      post(`/locks/${newName()}/acquire`, { ttl_seconds: 3600 }) +
        requestText('POST', `/locks/${newName()}/acquire`, chunked),
    );
    const replies = [await connection.reply(), await connection.reply()];
    clock.isSluggish = false;
    expect(replies.map(({ status }) => status)).toEqual([200, 503]);
    connection.send('-1\r\n');
    await connection.closed;
    expect(connection.rest).toBe('');
  });

  test('are refused when they are too much, but for renewals, and the connection goes on', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 3600 });
    const [first, second] = [newName(), newName()];
    const connection = await RawConnection.open(suite.server.url);
    clock.isSluggish = true;
    connection.send(
      post(`/locks/${first}/acquire`, { ttl_seconds: 3600 }) +
        post(`/locks/${second}/acquire`, { ttl_seconds: 3600 }) +
        post(`/locks/${name}/renew`, { ttl_seconds: 3600, lease_id: leaseId }),
    );
    const replies = [await connection.reply(), await connection.reply(), await connection.reply()];
    clock.isSluggish = false;
    expect(replies.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(replies[1]?.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(replies[1]?.body ?? '')).toMatchObject({ code: 'overloaded' });
    connection.send(post(`/locks/${second}/acquire`, { ttl_seconds: 60 }));
    expect((await connection.reply()).status).toBe(200);
  });
});

function post(path: string, body: object): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${ALICE}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}
