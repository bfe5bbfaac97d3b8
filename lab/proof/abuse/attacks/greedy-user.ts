import { pause } from '../../../../src/process/time.js';
import type { Connection } from '../../../kit/http/connection.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, withAbused, type AbusedServer } from '../abused-server.js';
import { HonestUser } from '../honest-user.js';
import { requestText, waitText } from '../request-text.js';
import { Wire } from '../wire.js';

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

/** Events that a resume has to read although none of them is for it. */
const EVENTS = { small: 2000, full: 60_000 } as const;
const RESUMES_AT_ONCE = 20;

/** Nobody listens there. */
const DEAD_WEBHOOK = 'https://127.0.0.1:9/';

/** The pattern and a name that fit worst. */
const WORST_PATTERN = `*${'?'.repeat(127)}`;
const WORST_NAMES = Array.from(
  { length: 50 },
  (_, at) => `${`${'a'.repeat(60)}/`.repeat(3)}${'a'.repeat(50)}-${at}`,
);

interface Visit {
  readonly abused: AbusedServer;
  readonly stage: Stage;
  readonly honest: HonestUser;
}

/** One user takes all that it can get of everything that there is a limit for. */
export const greedyUser: Attack = {
  name: 'greedy-user',
  run: (stage) =>
    withAbused(stage, SETTINGS, async (abused) => {
      const visit = { abused, stage, honest: new HonestUser(abused, stage) };
      await visit.honest.knowQuiet();
      await takeAllWaits(visit);
      await takeAllWatches(visit);
      await takeAllSessions(visit);
      await haveWorstWebhooks(visit);
      await resumeForNothing(visit);
    }),
};

async function takeAllWaits({ abused, honest, stage }: Visit): Promise<void> {
  const holder = abused.connection('holder');
  const { body } = await holder.post('/locks/wanted/acquire', { ttl_seconds: 600 });
  const wires = await takeAll(abused, waitText('wanted', 'greedy'));
  const waiters = await abused.metric('octostore_waiters');
  stage.findings.expect(waiters === LIMIT.user, `one user has ${waiters} waiters, ${LIMIT.user} are allowed`);
  const other = (await Wire.to(abused.server.address)).send(waitText('wanted', 'honest', 1));
  await other.until(() => other.answers > 0, SOON_MS);
  stage.findings.expect(
    / 409 /.test(other.received),
    `one user took all waits: ${other.received.slice(0, 20)}`,
  );
  await honest.isUnharmedBy('waits of one user');
  await holder.post('/locks/wanted/release', { lease_id: body['lease_id'] });
  holder.cut();
  for (const wire of [other, ...wires]) wire.cut();
}

async function takeAllWatches({ abused, honest, stage }: Visit): Promise<void> {
  const wires = await takeAll(abused, requestText('GET', '/watch?prefix=', 'greedy'));
  const watchers = await abused.metric('octostore_watchers');
  stage.findings.expect(
    watchers === LIMIT.user,
    `one user has ${watchers} watches, ${LIMIT.user} are allowed`,
  );
  const other = (await Wire.to(abused.server.address)).send(requestText('GET', '/watch?prefix=', 'honest'));
  await other.until(() => other.answers > 0, SOON_MS);
  stage.findings.expect(
    / 200 /.test(other.received),
    `one user took all watches: ${other.received.slice(0, 20)}`,
  );
  await honest.isUnharmedBy('watches of one user');
  for (const wire of [other, ...wires]) wire.cut();
}

/** Opens twice as many connections as there is room for. */
async function takeAll({ server }: AbusedServer, text: string): Promise<Wire[]> {
  const wires = await Promise.all(Array.from({ length: LIMIT.all * 2 }, () => Wire.to(server.address)));
  await Promise.all(wires.map((wire) => wire.sent(text)));
  await pause(500);
  return wires;
}

async function takeAllSessions({ abused, honest, stage }: Visit): Promise<void> {
  const greedy = abused.connection('greedy');
  const opened: unknown[] = [];
  await honest.isUnharmedBy('sessions of one user', async (over) => {
    while (!over.aborted || opened.length < LIMIT.sessions * 2) {
      const { status, body } = await greedy.post('/sessions', { ttl_seconds: 10 }, SOON_MS);
      opened.push(status === 201 || status === 200 ? body['session_id'] : null);
    }
  });
  const sessions = await abused.metric('octostore_sessions');
  const max = LIMIT.sessions;
  stage.findings.expect(sessions <= max, `one user has ${sessions} sessions, ${max} are allowed`);
  const other = abused.connection('honest');
  const { status } = await other.post('/sessions', { ttl_seconds: 10 }, SOON_MS);
  stage.findings.expect(status < 300, `one user took all sessions: ${status}`);
  for (const connection of [greedy, other]) connection.cut();
}

async function haveWorstWebhooks({ abused, honest }: Visit): Promise<void> {
  const greedy = abused.connection('greedy');
  const ids: unknown[] = [];
  for (let count = 0; count < 10; count += 1) {
    const body = { url: DEAD_WEBHOOK, lock_pattern: WORST_PATTERN };
    ids.push((await greedy.post('/webhooks', body, SOON_MS)).body['id']);
  }
  await honest.isUnharmedBy('webhooks that are dear to match', (over) => contend(greedy, over));
  for (const id of ids) await greedy.delete(`/webhooks/${String(id)}`);
  greedy.cut();
}

async function contend(connection: Connection, over: AbortSignal): Promise<void> {
  for (let count = 0; !over.aborted; count += 1) {
    const lock = `/locks/${encodeURIComponent(WORST_NAMES[count % WORST_NAMES.length] ?? '')}`;
    const { body } = await connection.post(`${lock}/acquire`, { ttl_seconds: 60 }, SOON_MS);
    await connection.post(`${lock}/release`, { lease_id: body['lease_id'] }, SOON_MS);
  }
}

async function resumeForNothing({ abused, honest, stage }: Visit): Promise<void> {
  await fillLog(abused, EVENTS[stage.budget]);
  const text = requestText('GET', '/watch?prefix=none', 'greedy').replace(
    '\r\n\r\n',
    '\r\nlast-event-id: 1\r\n\r\n',
  );
  await honest.isUnharmedBy('resumes that find nothing', async (over) => {
    while (!over.aborted) {
      const wires = await Promise.all(
        Array.from({ length: RESUMES_AT_ONCE }, () => Wire.to(abused.server.address)),
      );
      for (const wire of wires) wire.send(text);
      await pause(100);
      for (const wire of wires) wire.reset();
    }
  });
}

async function fillLog(abused: AbusedServer, count: number): Promise<void> {
  const fill = async (at: number): Promise<void> => {
    const connection = abused.connection('greedy');
    const lock = `/locks/filling-${at}`;
    for (let made = 0; made < count / 32; made += 2) {
      const { body } = await connection.post(`${lock}/acquire`, { ttl_seconds: 60 }, SOON_MS);
      await connection.post(`${lock}/release`, { lease_id: body['lease_id'] }, SOON_MS);
    }
    connection.cut();
  };
  await Promise.all(Array.from({ length: 32 }, (_, at) => fill(at)));
}
