import { pause } from '../../../../src/process/time.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, soon, withAbused, type AbusedServer } from '../abused-server.js';
import { HonestUser } from '../honest-user.js';
import { requestText, waitText } from '../request-text.js';
import { Wire } from '../wire.js';

const UNREAD_SECONDS = 2;
const LARGE_FILE = requestText('GET', '/docs/swagger-ui-bundle.js');
const HEALTH = requestText('GET', '/health');

const UNREAD_CONNECTIONS = 4;
const FILES_PIPELINED = 800;
const DESCRIPTORS_EACH = 10;

/** Requests that may stand behind one that waits, and a few more than that. */
const BEHIND_MAX = 100;
const TOO_MANY_BEHIND = 400;

/** Clients send very many requests on one connection before they take the first answer, if they ever do. */
export const pipelines: Attack = {
  name: 'pipelines',
  run: (stage) =>
    withAbused(stage, { UNREAD_ANSWER_SECONDS: String(UNREAD_SECONDS) }, async (abused) => {
      await answersInOrder(abused, stage);
      await standBehindWaits(abused, stage);
      await unreadFiles(abused, stage);
      await unreadAnswers(abused, stage);
      await manyCheapOnes(abused, stage);
    }),
};

/** Whoever reads gets every answer, in the order of the requests. */
async function answersInOrder({ server }: AbusedServer, { findings }: Stage): Promise<void> {
  const ids = Array.from({ length: 300 }, (_, at) => `order-${at}`);
  const kinds = ['GET /health', 'GET /locks', 'POST /x/renew', 'GET /docs/swagger-ui.css', 'DELETE /none'];
  const texts = ids.map((id, at) => {
    const line = kinds[at % kinds.length] ?? '';
    return `${line} HTTP/1.1\r\nhost: octostore\r\nx-request-id: ${id}\r\ncontent-length: 0\r\n\r\n`;
  });
  const wire = (await Wire.to(server.address)).send(texts.join(''));
  await wire.until(() => wire.answers >= ids.length, SOON_MS);
  await wire.until(() => wire.received.includes(`order-${ids.length - 1}`), SOON_MS);
  const answered = [...wire.received.matchAll(/^x-request-id: (order-\d+)\r$/gim)].map(([, id]) => id);
  wire.cut();
  findings.expect(
    answered.join() === ids.join(),
    `of ${ids.length} pipelined requests ${answered.length} were answered, or not in order`,
  );
}

async function standBehindWaits(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const { server } = abused;
  const holder = abused.connection('honest');
  const { body } = await holder.post('/locks/behind/acquire', { ttl_seconds: 600 });
  const begin = {
    'an acquire that waits': waitText('behind', 'greedy'),
    'an event stream': requestText('GET', '/watch?prefix=none', 'greedy'),
  };
  const patient = (await Wire.to(server.address)).send(begin['an acquire that waits']);
  for (const [name, text] of Object.entries(begin)) {
    const wire = (await Wire.to(server.address)).send(text);
    await pause(100);
    wire.send(HEALTH.repeat(TOO_MANY_BEHIND));
    await wire.until(() => false, UNREAD_SECONDS * 1000);
    findings.expect(wire.isOver, `${TOO_MANY_BEHIND} requests may stand behind ${name}`);
    wire.cut();
  }
  patient.send(HEALTH.repeat(BEHIND_MAX - 10));
  await pause(200);
  await holder.post('/locks/behind/release', { lease_id: body['lease_id'] });
  holder.cut();
  await patient.until(() => patient.answers >= BEHIND_MAX - 9, SOON_MS);
  findings.expect(
    patient.answers === BEHIND_MAX - 9,
    `of ${BEHIND_MAX - 9} requests behind a wait and with it ${patient.answers} were answered`,
  );
  patient.cut();
}

async function unreadFiles(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const text = LARGE_FILE.repeat(FILES_PIPELINED);
  const wires = await openUnread(abused, UNREAD_CONNECTIONS);
  await Promise.all(wires.map((wire) => Promise.race([wire.sent(text), pause(1000)])));
  const most = await mostDescriptors(abused, 1000);
  findings.expect(
    most <= UNREAD_CONNECTIONS * DESCRIPTORS_EACH,
    `${most} descriptors for ${UNREAD_CONNECTIONS} connections with unread files`,
  );
  findings.note({
    [`descriptors of ${UNREAD_CONNECTIONS} connections with ${FILES_PIPELINED} unread files each`]: most,
  });
  await expectCut(abused, wires, 'files', findings);
}

async function unreadAnswers(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const text = requestText('GET', '/openapi.yaml').repeat(2000);
  const wires = await openUnread(abused, UNREAD_CONNECTIONS);
  await Promise.all(wires.map((wire) => Promise.race([wire.sent(text), pause(1000)])));
  await expectCut(abused, wires, 'answers', findings);
}

function openUnread({ server }: AbusedServer, count: number): Promise<Wire[]> {
  return Promise.all(Array.from({ length: count }, () => Wire.to(server.address, { reads: false })));
}

async function mostDescriptors({ descriptors }: AbusedServer, forMs: number): Promise<number> {
  let most = 0;
  for (let passedMs = 0; passedMs < forMs; passedMs += 20) {
    most = Math.max(most, descriptors.extra);
    await pause(20);
  }
  return most;
}

/** The server must have given up by itself on those who take nothing. */
async function expectCut(
  { descriptors }: AbusedServer,
  wires: readonly Wire[],
  what: string,
  findings: Stage['findings'],
): Promise<void> {
  const isFree = await soon(() => descriptors.extra <= 2, UNREAD_SECONDS * 1000 + SOON_MS / 2);
  findings.expect(isFree, `${descriptors.extra} descriptors are kept for ${what} that nobody reads`);
  for (const wire of wires) wire.cut();
  await soon(() => descriptors.extra <= 2);
}

async function manyCheapOnes(abused: AbusedServer, stage: Stage): Promise<void> {
  const text = requestText('GET', '/locks').repeat(1200);
  const honest = new HonestUser(abused, stage);
  await honest.knowQuiet();
  await honest.isUnharmedBy('1,200 pipelined requests', async (over) => {
    while (!over.aborted) {
      const wire = (await Wire.to(abused.server.address)).send(text);
      await wire.until(() => over.aborted || wire.answers >= 1200, SOON_MS);
      wire.cut();
    }
  });
}
