import { describe, expect, test } from 'vitest';
import { RawConnection, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { connectionsPossible } from '../../../src/http/connections/open-files.js';
import { acquire, useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const KNOWN = { authorization: `Bearer ${ALICE}` };

describe('a client that reads nothing of its answer', () => {
  const suite = useServer({ UNREAD_ANSWER_SECONDS: '1' });

  test.each([
    ['a file', requestText('GET', '/docs/swagger-ui-bundle.js').repeat(5)],
    ['many small answers', requestText('GET', '/openapi.yaml').repeat(100)],
  ])('is disconnected: %s', async (_, text) => {
    const before = suite.connections.cut.unread;
    const connection = await openRawConnection(suite.server.url);
    connection.stopReading().send(text);
    await expect.poll(() => suite.connections.cut.unread, { timeout: 10_000 }).toBe(before + 1);
    await expect.poll(() => suite.connections.count).toBe(0);
  });

  test('is distinguished from one that waits, or watches in silence', async () => {
    const held = await acquire(suite.bob);
    const waiting = await openRawConnection(suite.server.url);
    const body = JSON.stringify({ ttl_seconds: 60, wait_seconds: 4 });
    waiting.send(requestText('POST', `/locks/${held.name}/acquire`, KNOWN, body));
    const watching = await openRawConnection(suite.server.url);
    watching.send(requestText('GET', '/locks/unwatched/watch', KNOWN));
    await watching.received('event: state');
    expect((await waiting.reply()).status).toBe(409);
    await suite.alice.post('/locks/unwatched/acquire', { ttl_seconds: 60 });
    await watching.received('event: acquired');
    expect((await suite.nobody.get('/health')).status).toBe(200);
  });
});

/** A machine where a test advances what the clock says, while timers run in real time. */
class LeapingClock extends SystemClock {
  #leapMs = 0;

  leap(milliseconds: number): void {
    this.#leapMs += milliseconds;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.#leapMs;
  }
}

describe('past MAX_CONNECTIONS', () => {
  const clock = new LeapingClock();
  const suite = useServer({ MAX_CONNECTIONS: '20' }, clock);

  async function opened(count: number, request = ''): Promise<RawConnection[]> {
    const all: RawConnection[] = [];
    for (let index = 0; index < count; index += 1) {
      const connection = await openRawConnection(suite.server.url);
      if (request !== '') await connection.send(request).reply();
      all.push(connection);
    }
    return all;
  }

  test('connections are dropped, and idle strangers are closed first', async () => {
    const known = await opened(10, requestText('GET', '/locks/a', KNOWN));
    const strangers = await opened(10, requestText('GET', '/health'));
    const dropped = await openRawConnection(suite.server.url);
    await dropped.closed;
    expect(suite.connections.cut.dropped).toBe(1);
    clock.leap(2_000);
    const next = await openRawConnection(suite.server.url);
    await Promise.all([...strangers.map(({ closed }) => closed), next.closed]);
    const [served] = await opened(1, requestText('GET', '/health'));
    served?.cut();
    for (const connection of known)
      expect((await connection.send(requestText('GET', '/locks/a', KNOWN)).reply()).status).toBe(200);
  });
});

test('the limit of connections is the limit of open files, less those that the server itself needs', () => {
  expect(connectionsPossible(1024)).toBe(896);
  expect(connectionsPossible(65_536)).toBe(58_982);
  expect(connectionsPossible(10)).toBe(1);
  expect(connectionsPossible()).toBeGreaterThan(0);
});
