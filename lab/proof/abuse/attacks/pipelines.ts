import { pause } from '../../../../src/process/time.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, eventually, withAbused, type AbusedServer } from '../abused-server.js';
import { HonestUser } from '../honest-user.js';
import { requestText, waitText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

const UNREAD_SECONDS = 2;
const LARGE_FILE = requestText('GET', '/docs/swagger-ui-bundle.js');
const HEALTH = requestText('GET', '/health');

const UNREAD_CONNECTIONS = 4;
const FILES_PIPELINED = 800;
const DESCRIPTORS_EACH = 10;

/** How many requests may queue behind one that waits, and a number that is too high. */
const BEHIND_MAX = 100;
const TOO_MANY_BEHIND = 400;

/** Clients send very many requests on one connection before they read the first answer, if they ever read it. */
export const pipelines: Attack = {
  name: 'pipelines',
  run: (context) =>
    withAbused(context, { UNREAD_ANSWER_SECONDS: String(UNREAD_SECONDS) }, async (abused) => {
      await answersInOrder(abused, context);
      await queueBehindWaits(abused, context);
      await unreadFiles(abused, context);
      await unreadAnswers(abused, context);
      await manyCheapRequests(abused, context);
    }),
};

/** A client that reads gets every answer, in the order of its requests. */
async function answersInOrder({ server }: AbusedServer, { findings }: AttackContext): Promise<void> {
  const ids = Array.from({ length: 300 }, (_, at) => `order-${at}`);
  const kinds = ['GET /health', 'GET /locks', 'POST /x/renew', 'GET /docs/swagger-ui.css', 'DELETE /none'];
  const texts = ids.map((id, at) => {
    const line = kinds[at % kinds.length] ?? '';
    return `${line} HTTP/1.1\r\nhost: octostore\r\nx-request-id: ${id}\r\ncontent-length: 0\r\n\r\n`;
  });
  const client = (await RawClient.to(server.address)).send(texts.join(''));
  await client.until(() => client.answers >= ids.length, EVENTUALLY_MS);
  await client.until(() => client.received.includes(`order-${ids.length - 1}`), EVENTUALLY_MS);
  const answered = [...client.received.matchAll(/^x-request-id: (order-\d+)\r$/gim)].map(([, id]) => id);
  client.cut();
  findings.expect(
    answered.join() === ids.join(),
    `of ${ids.length} pipelined requests, ${answered.length} were answered, or the answers were not in order`,
  );
}

async function queueBehindWaits(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const { server } = abused;
  const holder = abused.connection('honest');
  const { body } = await holder.post('/locks/behind/acquire', { ttl_seconds: 600 });
  const begin = {
    'a waiting acquire': waitText('behind', 'greedy'),
    'an event stream': requestText('GET', '/watch?prefix=none', 'greedy'),
  };
  const patient = (await RawClient.to(server.address)).send(begin['a waiting acquire']);
  for (const [name, text] of Object.entries(begin)) {
    const client = (await RawClient.to(server.address)).send(text);
    await pause(100);
    client.send(HEALTH.repeat(TOO_MANY_BEHIND));
    await client.until(() => false, UNREAD_SECONDS * 1000);
    findings.expect(client.isOver, `${TOO_MANY_BEHIND} requests were accepted behind ${name}`);
    client.cut();
  }
  patient.send(HEALTH.repeat(BEHIND_MAX - 10));
  await pause(200);
  await holder.post('/locks/behind/release', { lease_id: body['lease_id'] });
  holder.cut();
  await patient.until(() => patient.answers >= BEHIND_MAX - 9, EVENTUALLY_MS);
  findings.expect(
    patient.answers === BEHIND_MAX - 9,
    `of ${BEHIND_MAX - 9} requests, a waiting one and those behind it, ${patient.answers} were answered`,
  );
  patient.cut();
}

async function unreadFiles(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const text = LARGE_FILE.repeat(FILES_PIPELINED);
  const clients = await openUnread(abused, UNREAD_CONNECTIONS);
  await Promise.all(clients.map((client) => Promise.race([client.sent(text), pause(1000)])));
  const peak = await peakDescriptors(abused, 1000);
  findings.expect(
    peak <= UNREAD_CONNECTIONS * DESCRIPTORS_EACH,
    `${peak} descriptors for ${UNREAD_CONNECTIONS} connections with unread files`,
  );
  findings.addFigures({
    [`descriptors of ${UNREAD_CONNECTIONS} connections with ${FILES_PIPELINED} unread files each`]: peak,
  });
  await expectCut(abused, clients, 'files', findings);
}

async function unreadAnswers(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const text = requestText('GET', '/openapi.yaml').repeat(2000);
  const clients = await openUnread(abused, UNREAD_CONNECTIONS);
  await Promise.all(clients.map((client) => Promise.race([client.sent(text), pause(1000)])));
  await expectCut(abused, clients, 'answers', findings);
}

function openUnread({ server }: AbusedServer, count: number): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => RawClient.to(server.address, { reads: false })));
}

async function peakDescriptors({ descriptors }: AbusedServer, forMs: number): Promise<number> {
  let peak = 0;
  for (let passedMs = 0; passedMs < forMs; passedMs += 20) {
    peak = Math.max(peak, descriptors.extra);
    await pause(20);
  }
  return peak;
}

/** The server must have closed the connections of clients that read nothing. */
async function expectCut(
  { descriptors }: AbusedServer,
  clients: readonly RawClient[],
  content: string,
  findings: AttackContext['findings'],
): Promise<void> {
  const isFree = await eventually(() => descriptors.extra <= 2, UNREAD_SECONDS * 1000 + EVENTUALLY_MS / 2);
  findings.expect(isFree, `${descriptors.extra} descriptors are kept for unread ${content}`);
  for (const client of clients) client.cut();
  await eventually(() => descriptors.extra <= 2);
}

async function manyCheapRequests(abused: AbusedServer, context: AttackContext): Promise<void> {
  const text = requestText('GET', '/locks').repeat(1200);
  const honest = new HonestUser(abused, context);
  await honest.measureBaseline();
  await honest.expectUnharmedBy('1,200 pipelined requests', async (over) => {
    while (!over.aborted) {
      const client = (await RawClient.to(abused.server.address)).send(text);
      await client.until(() => over.aborted || client.answers >= 1200, EVENTUALLY_MS);
      client.cut();
    }
  });
}
