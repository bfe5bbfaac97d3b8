import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { LoadShedder } from '../../../src/http/pipeline/load-shedder.js';
import { NO_ROUTE } from '../../../src/http/routes/route.js';
import { ManualClock } from '../../support/manual-clock.js';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ADMIN_KEY, ALICE, NEW_WORK_MS_MAX } from '../../support/server.js';
import { acquire, newName, useServer, type Suite } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

/** A machine on which a test decides how long the backlog of one turn lasts. */
class BusyClock extends SystemClock {
  #lostMs = 0;
  #waiting: (() => void)[] | null = null;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#lostMs;
  }

  override afterBacklog(task: () => void): void {
    if (this.#waiting === null) super.afterBacklog(task);
    else this.#waiting.push(task);
  }

  /** From here on nothing ends the backlog that begins with the next request. */
  becomeBusy(): void {
    this.#waiting = [];
  }

  /** Time passes while the server works on its backlog. */
  fallBehind(): void {
    this.#lostMs += NEW_WORK_MS_MAX + 1;
  }

  catchUp(): void {
    const tasks = this.#waiting ?? [];
    this.#waiting = null;
    for (const task of tasks) task();
  }
}

/** Resolves in the next turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const REQUEST = new IncomingMessage(new Socket());

/** A shedder in a turn of the event loop whose first request arrived this long ago. */
function behind(milliseconds: number, isUpkeep = false): { shedder: LoadShedder; clock: ManualClock } {
  const clock = new ManualClock();
  const shedder = new LoadShedder(clock, NEW_WORK_MS_MAX, () => isUpkeep);
  expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(false);
  clock.advance(milliseconds);
  return { shedder, clock };
}

describe('a turn of the event loop', () => {
  test('accepts new work for a while, and then no more', () => {
    const { shedder, clock } = behind(NEW_WORK_MS_MAX);
    expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(false);
    clock.advance(1);
    expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(true);
  });

  test('accepts upkeep however long it has lasted', () => {
    const { shedder, clock } = behind(NEW_WORK_MS_MAX + 60_000, true);
    expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(false);
  });

  test('is followed by one that starts from zero', async () => {
    const { shedder, clock } = behind(NEW_WORK_MS_MAX + 1);
    await nextTurn();
    expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(false);
  });

  test('does not begin before its first request', async () => {
    const { shedder, clock } = behind(0);
    await nextTurn();
    clock.advance(60_000);
    expect(shedder.mustRefuse(REQUEST, NO_ROUTE, clock.monotonicMs())).toBe(false);
  });
});

describe('when the server is behind', () => {
  const clock = new BusyClock();
  const suite = useServer({}, clock);
  beforeEach(() => fallBehind(clock, suite));
  afterEach(() => clock.catchUp());

  async function statusOf(text: string): Promise<number> {
    return (await rawCall(suite.server.url, text)).status;
  }

  const known = { authorization: `Bearer ${ALICE}` };
  const guessed = { authorization: 'Bearer octo_notatoken' };
  const operator = { 'x-admin-key': ADMIN_KEY };

  test.each([
    ['POST', '/locks/a/renew', known],
    ['POST', '/locks/a/b%2Fc/release', known],
    ['POST', '/sessions/0e0f/keepalive', known],
    ['DELETE', '/sessions/0e0f', known],
    ['DELETE', '/admin/tokens?user=ada', operator],
    ['DELETE', '/admin/tokens/ba7816bf8f01cfea', operator],
    ['GET', '/metrics', { authorization: `Bearer ${ADMIN_KEY}` }],
    ['GET', '/admin/status', operator],
    ['GET', '/admin/tokens', operator],
    ['GET', '/health', {}],
    ['GET', '/health/live', {}],
    ['GET', '/health/ready?verbose', {}],
    ['GET', '/status', {}],
  ])('%s %s is still served', async (method, path, headers) => {
    expect(await statusOf(requestText(method, path, headers))).not.toBe(503);
  });

  test.each([
    ['POST', '/locks/a/acquire', known],
    ['POST', '/locks/a/renew/acquire', known],
    ['POST', '/locks/a/acquire?/renew', known],
    ['POST', '/sessions', known],
    ['GET', '/locks/a', known],
    ['GET', '/locks/a/renew', known],
    ['GET', '/watch', known],
    ['DELETE', '/webhooks/0e0f', known],
    ['POST', '/admin/tokens', operator],
    ['GET', '/healthy', {}],
    ['PUT', '/health', {}],
    // These look like upkeep, but have no route.
    ['POST', '/x/renew', known],
    ['POST', '/%zz/renew', known],
    // These are upkeep, but the caller is unknown.
    ['POST', '/locks/a/renew', {}],
    ['POST', '/locks/a/renew', guessed],
    ['GET', '/metrics', guessed],
    ['DELETE', '/admin/tokens?user=ada', { 'x-admin-key': 'guessed' }],
  ])('%s %s is refused', async (method, path, headers) => {
    expect(await statusOf(requestText(method, path, headers))).toBe(503);
  });
});

/** Makes the server take longer for its backlog than it accepts new work. */
async function fallBehind(clock: BusyClock, suite: Suite): Promise<void> {
  clock.becomeBusy();
  // The first request begins the backlog, if the last check is long enough ago.
  clock.fallBehind();
  await suite.nobody.get('/health');
  clock.fallBehind();
}

describe('a connection', () => {
  const clock = new BusyClock();
  const suite = useServer({}, clock);

  test('gets one answer, even if the rest of a refused request is malformed', async () => {
    await fallBehind(clock, suite);
    const connection = await openRawConnection(suite.server.url);
    const chunked = { authorization: `Bearer ${suite.server.token}`, 'transfer-encoding': 'chunked' };
    connection.send(requestText('POST', `/locks/${newName()}/acquire`, chunked));
    expect((await connection.reply()).status).toBe(503);
    clock.catchUp();
    connection.send('-1\r\n');
    await connection.closed;
    expect(connection.rest).toBe('');
  });

  test('stays open after a refusal, and renewals are not refused', async () => {
    const { name, leaseId } = await acquire(suite.alice, newName(), { ttl_seconds: 3600 });
    const refused = newName();
    await fallBehind(clock, suite);
    const connection = await openRawConnection(suite.server.url);
    connection.send(
      post(`/locks/${refused}/acquire`, { ttl_seconds: 3600 }) +
        post(`/locks/${name}/renew`, { ttl_seconds: 3600, lease_id: leaseId }),
    );
    const replies = [await connection.reply(), await connection.reply()];
    clock.catchUp();
    expect(replies.map(({ status }) => status)).toEqual([503, 200]);
    expect(replies[0]?.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(replies[0]?.body ?? '')).toMatchObject({ code: 'overloaded' });
    connection.send(post(`/locks/${refused}/acquire`, { ttl_seconds: 60 }));
    expect((await connection.reply()).status).toBe(200);
  });
});

function post(path: string, body: object): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${ALICE}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}
