import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestText, type RawConnection } from '../../lab/kit/http/raw-http.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { forwardingKey } from '../../src/secrets/forwarding-key.js';
import { openRawConnection } from '../support/raw-connection.js';
import { ALICE, startServer, type TestServer } from '../support/server.js';
import { SECRET_KEY } from './standby-rig.js';

const FORWARDED = requestText('GET', '/health', {
  'octostore-forwarded': forwardingKey(SECRET_KEY),
  'octostore-client': '192.0.2.1',
});
const KNOWN = requestText('GET', '/locks/a', { authorization: `Bearer ${ALICE}` });

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

const clock = new LeapingClock();
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ SECRET_KEY, MAX_CONNECTIONS: '20' }, clock);
});

afterAll(() => server.close());

async function opened(count: number, text: string): Promise<RawConnection[]> {
  const all: RawConnection[] = [];
  for (let index = 0; index < count; index += 1) {
    const connection = await openRawConnection(server.url);
    await connection.send(text).reply();
    all.push(connection);
  }
  return all;
}

test('near the limit, idle connections of other servers stay open', async () => {
  const shared = await opened(10, FORWARDED);
  const known = await opened(10, KNOWN);
  clock.leap(60_000);

  const dropped = await openRawConnection(server.url);

  await Promise.all([dropped.closed, ...known.map(({ closed }) => closed)]);
  for (const connection of shared) expect((await connection.send(FORWARDED).reply()).status).toBe(200);
});
