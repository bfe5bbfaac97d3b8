import { pause } from '../../../../src/process/time.js';
import type { Connection } from '../../../kit/http/connection.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, withAbused, type AbusedServer } from '../abused-server.js';
import { HonestUser } from '../honest-user.js';
import { requestText, waitText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

const LIMIT = { all: 60, user: 40, sessions: 50 } as const;

const SETTINGS = {
  MAX_WAITERS: String(LIMIT.all),
  MAX_WAITERS_PER_USER: String(LIMIT.user),
  MAX_WATCHERS: String(LIMIT.all),
  MAX_WATCHERS_PER_USER: String(LIMIT.user),
  MAX_SESSIONS_PER_USER: String(LIMIT.sessions),
  MAX_LOCKS_PER_USER: '1000',
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  EVENT_RETENTION: '1000000',
};

/** Events that a resumed stream has to read although none of them matches. */
const EVENTS = { small: 2000, full: 60_000 } as const;
const RESUMES_AT_ONCE = 20;

/** Nothing listens there. */
const DEAD_WEBHOOK = 'https://127.0.0.1:9/';

/** The pattern and the names that are most expensive to match. */
const WORST_PATTERN = `*${'?'.repeat(127)}`;
const WORST_NAMES = Array.from(
  { length: 50 },
  (_, at) => `${`${'a'.repeat(60)}/`.repeat(3)}${'a'.repeat(50)}-${at}`,
);

interface Attempt {
  readonly abused: AbusedServer;
  readonly context: AttackContext;
  readonly honest: HonestUser;
}

/** One user uses as much as it can get of everything that is limited. */
export const greedyUser: Attack = {
  name: 'greedy-user',
  run: (context) =>
    withAbused(context, SETTINGS, async (abused) => {
      const attempt = { abused, context, honest: new HonestUser(abused, context) };
      await attempt.honest.measureBaseline();
      await takeAllWaiters(attempt);
      await takeAllWatchers(attempt);
      await takeAllSessions(attempt);
      await createWorstWebhooks(attempt);
      await resumeWithoutMatches(attempt);
    }),
};

async function takeAllWaiters({ abused, honest, context }: Attempt): Promise<void> {
  const holder = abused.connection('holder');
  const { body } = await holder.post('/locks/wanted/acquire', { ttl_seconds: 600 });
  const clients = await takeAll(abused, waitText('wanted', 'greedy'));
  const waiters = await abused.metric('octostore_waiters');
  context.findings.expect(
    waiters === LIMIT.user,
    `one user has ${waiters} waiters, ${LIMIT.user} are allowed`,
  );
  const other = (await RawClient.to(abused.server.address)).send(waitText('wanted', 'honest', 1));
  await other.until(() => other.answers > 0, EVENTUALLY_MS);
  context.findings.expect(
    / 409 /.test(other.received),
    `one user took every waiter: ${other.received.slice(0, 20)}`,
  );
  await honest.expectUnharmedBy('many waiters of one user');
  await holder.post('/locks/wanted/release', { lease_id: body['lease_id'] });
  holder.cut();
  for (const client of [other, ...clients]) client.cut();
}

async function takeAllWatchers({ abused, honest, context }: Attempt): Promise<void> {
  const clients = await takeAll(abused, requestText('GET', '/watch?prefix=', 'greedy'));
  const watchers = await abused.metric('octostore_watchers');
  context.findings.expect(
    watchers === LIMIT.user,
    `one user has ${watchers} watchers, ${LIMIT.user} are allowed`,
  );
  const other = (await RawClient.to(abused.server.address)).send(
    requestText('GET', '/watch?prefix=', 'honest'),
  );
  await other.until(() => other.answers > 0, EVENTUALLY_MS);
  context.findings.expect(
    / 200 /.test(other.received),
    `one user took every watcher: ${other.received.slice(0, 20)}`,
  );
  await honest.expectUnharmedBy('many watchers of one user');
  for (const client of [other, ...clients]) client.cut();
}

/** Opens twice as many connections as the limit allows. */
async function takeAll({ server }: AbusedServer, text: string): Promise<RawClient[]> {
  const clients = await Promise.all(
    Array.from({ length: LIMIT.all * 2 }, () => RawClient.to(server.address)),
  );
  await Promise.all(clients.map((client) => client.sent(text)));
  await pause(500);
  return clients;
}

async function takeAllSessions({ abused, honest, context }: Attempt): Promise<void> {
  const greedy = abused.connection('greedy');
  const opened: unknown[] = [];
  await honest.expectUnharmedBy('many sessions of one user', async (over) => {
    while (!over.aborted || opened.length < LIMIT.sessions * 2) {
      const { status, body } = await greedy.post('/sessions', { ttl_seconds: 10 }, EVENTUALLY_MS);
      opened.push(status === 201 || status === 200 ? body['session_id'] : null);
    }
  });
  const sessions = await abused.metric('octostore_sessions');
  const max = LIMIT.sessions;
  context.findings.expect(sessions <= max, `one user has ${sessions} sessions, ${max} are allowed`);
  const other = abused.connection('honest');
  const { status } = await other.post('/sessions', { ttl_seconds: 10 }, EVENTUALLY_MS);
  context.findings.expect(status < 300, `one user took every session: ${status}`);
  for (const connection of [greedy, other]) connection.cut();
}

async function createWorstWebhooks({ abused, honest }: Attempt): Promise<void> {
  const greedy = abused.connection('greedy');
  const ids: unknown[] = [];
  for (let count = 0; count < 10; count += 1) {
    const body = { url: DEAD_WEBHOOK, lock_pattern: WORST_PATTERN };
    ids.push((await greedy.post('/webhooks', body, EVENTUALLY_MS)).body['id']);
  }
  await honest.expectUnharmedBy('webhooks that are expensive to match', (over) => contend(greedy, over));
  for (const id of ids) await greedy.delete(`/webhooks/${String(id)}`);
  greedy.cut();
}

async function contend(connection: Connection, over: AbortSignal): Promise<void> {
  for (let count = 0; !over.aborted; count += 1) {
    const lock = `/locks/${encodeURIComponent(WORST_NAMES[count % WORST_NAMES.length] ?? '')}`;
    const { body } = await connection.post(`${lock}/acquire`, { ttl_seconds: 60 }, EVENTUALLY_MS);
    await connection.post(`${lock}/release`, { lease_id: body['lease_id'] }, EVENTUALLY_MS);
  }
}

async function resumeWithoutMatches({ abused, honest, context }: Attempt): Promise<void> {
  await fillLog(abused, EVENTS[context.budget]);
  const text = requestText('GET', '/watch?prefix=none', 'greedy').replace(
    '\r\n\r\n',
    '\r\nlast-event-id: 1\r\n\r\n',
  );
  await honest.expectUnharmedBy('resumed streams without a match', async (over) => {
    while (!over.aborted) {
      const clients = await Promise.all(
        Array.from({ length: RESUMES_AT_ONCE }, () => RawClient.to(abused.server.address)),
      );
      for (const client of clients) client.send(text);
      await pause(100);
      for (const client of clients) client.reset();
    }
  });
}

async function fillLog(abused: AbusedServer, count: number): Promise<void> {
  const fill = async (at: number): Promise<void> => {
    const connection = abused.connection('greedy');
    const lock = `/locks/filling-${at}`;
    for (let made = 0; made < count / 32; made += 2) {
      const { body } = await connection.post(`${lock}/acquire`, { ttl_seconds: 60 }, EVENTUALLY_MS);
      await connection.post(`${lock}/release`, { lease_id: body['lease_id'] }, EVENTUALLY_MS);
    }
    connection.cut();
  };
  await Promise.all(Array.from({ length: 32 }, (_, at) => fill(at)));
}
