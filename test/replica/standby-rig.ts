import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import type { Clock } from '../../src/clock/clock.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig } from '../../src/config/config.js';
import { Replies } from '../../src/http/answer/replies.js';
import { Connections } from '../../src/http/connections/connections.js';
import { createServer } from '../../src/http/create-server.js';
import { Standby } from '../../src/replica/standby/standby.js';
import type { ReplicaState } from '../../src/replica/standby/standby-parts.js';
import { PassingOn } from '../../src/tracing/passing-on.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { startLogging } from '../../src/logging/start-logging.js';

export const SECRET_KEY = 'the-secret-key-that-all-replicas-share';
export const ADMIN_KEY = 'the-admin-key-of-tests';
export const METRICS_KEY = 'the-metrics-key-of-tests';

export interface StandbyRig {
  readonly standby: Standby;
  readonly url: string;
  readonly client: Client;
  readonly replies: Replies;
  /** Statuses of the requests that are over; null for those that were not answered. */
  readonly done: (number | null)[];
  readonly state: { -readonly [Field in keyof ReplicaState]: ReplicaState[Field] };
}

interface Options {
  readonly clock?: Clock;
  readonly settings?: Readonly<Record<string, string>>;
  readonly unreadMsMax?: number;
  readonly consoleAt?: string;
  readonly tracing?: Tracing;
}

/** Starts a standby behind a real server on a free loopback port. It is stopped after the test. */
export async function startStandby({
  clock = new SystemClock(),
  settings = {},
  unreadMsMax = 30_000,
  consoleAt = '/nowhere',
  tracing = new PassingOn(),
}: Options = {}): Promise<StandbyRig> {
  const config = loadConfig({ SECRET_KEY, ADMIN_KEY, METRICS_KEY, LOG_LEVEL: 'silent', ...settings });
  startLogging(config);
  const replies = new Replies();
  const limits = { maxConnections: 10_000, maxPipelined: 1_000, unreadMsMax };
  const connections: Connections = new Connections(clock, limits, (exchange, connection) =>
    standby.begin(exchange, connection),
  );
  const state = { role: 'standby', term: 7, isStopping: false } as StandbyRig['state'];
  const done: (number | null)[] = [];
  const standby = new Standby({
    clock,
    config,
    replies,
    tracing,
    connections,
    onDone: (request, response, { requestId }) => {
      done.push(response.headersSent ? response.statusCode : null);
      tracing.requestDone(request, response, { route: 'forwarded', requestId });
    },
    state: () => state,
    consoleAt,
  });
  const server = createServer(clock, null);
  connections.attachTo(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    standby.close();
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { standby, url, client: new Client(url, null), replies, done, state };
}
