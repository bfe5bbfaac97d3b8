import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { ClaimBroken, type Figures, type ProofContext } from '../proof.js';
import { BuiltServer, TOKEN } from '../../kit/server/built-server.js';
import { NoteBook } from './clients.js';
import { HttpClient, leaseOf, type Ending } from './http-client.js';
import type { FoundLease } from './lock-promise.js';
import { Promises } from './promises.js';
import { Random } from '../../kit/random.js';
import { DATABASE_NAME, ShimControl, shimEnvironment, type Fault } from './shim.js';
import type { Workshop } from './workshop.js';

const CLIENTS = 8;
const ANSWERS_BEFORE = 100;
const UNDER_LOAD = { small: 1, full: 12 };
const AT_START = { small: 1, full: 20 };

/** A start makes some hundred operations. */
const START_OPERATIONS = 150;

/** Faults that last, so that each reaches a commit and not only a checkpoint, which SQLite tries again later. */
const FAULTS: readonly Fault[] = [
  { kind: 'error', error: 'EIO', forEver: true },
  { kind: 'error', error: 'ENOSPC', forEver: true },
  { kind: 'short', error: 'ENOSPC', forEver: true },
];

/** The same for the whole built program and its clients, a few times. */
export async function serverFaults(
  workshop: Workshop,
  { budget, seed, tell }: ProofContext,
): Promise<Figures> {
  const random = new Random(seed);
  const endings: Ending[] = [];
  let acknowledged = 0;
  for (let round = 0; round < UNDER_LOAD[budget]; round += 1) {
    const result = await failUnderLoad(workshop, random, random.pick(FAULTS));
    endings.push(...result.endings);
    acknowledged += result.acknowledged;
  }
  tell('the disk failed under the load of the built server');
  let refused = 0;
  for (let round = 0; round < AT_START[budget]; round += 1) {
    refused += await failAtStart(workshop, 1 + random.below(START_OPERATIONS), random.pick(FAULTS));
  }
  return {
    'built server: disks that failed under load': UNDER_LOAD[budget],
    'built server: answers that had to last': acknowledged,
    'built server: clients told with 503': endings.filter((ending) => ending === 'told').length,
    'built server: clients cut off': endings.filter((ending) => ending === 'cut').length,
    'built server: disks that failed at the start': AT_START[budget],
    'built server: starts refused with a reason': refused,
  };
}

async function failUnderLoad(
  { folder, shim }: Workshop,
  random: Random,
  fault: Fault,
): Promise<{ endings: Ending[]; acknowledged: number }> {
  const place = await mkdtemp(join(folder, 'server-'));
  const control = new ShimControl(join(place, 'control'), 'create');
  const promises = new Promises();
  const server = serverIn(place);
  await server.start(shimEnvironment(shim, { control: control.path }));
  const notes = new NoteBook((note) => promises.add(note));
  const clients = Array.from({ length: CLIENTS }, (_, number) =>
    new HttpClient(server.address, notes, random, number).work(),
  );
  while (promises.acknowledged < ANSWERS_BEFORE) await pause(1);
  control.arm(control.read().operations + 1 + random.below(50), fault);
  const endings = await Promise.all(clients);
  const code = await server.ended();
  const problems = code === EXIT.storeFailed ? [] : [`the server ended with ${code}`];
  if (!endings.includes('told')) problems.push('no client was told');
  if (!server.output.includes('could not be written')) problems.push('the log does not say why');
  control.close();
  problems.push(...(await problemsOfNextStart(server, promises)));
  if (problems.length > 0) {
    throw new ClaimBroken(`Built server, ${JSON.stringify(fault)}: ${problems.slice(0, 5).join('; ')}`);
  }
  await server.remove();
  return { endings, acknowledged: promises.acknowledged };
}

/** Starts the server on a sound disk again and compares what it says with what was promised. */
async function problemsOfNextStart(server: BuiltServer, promises: Promises): Promise<string[]> {
  if (!(await server.tryToStart())) return [`the next start failed: ${server.output}`];
  const connection = new Connection(() => server.address, TOKEN);
  const found = new Map<LockName, FoundLease[]>();
  for (const lockName of promises.lockNames) {
    const lease = await leaseOf(connection, lockName);
    if (lease !== null) found.set(lockName, [lease]);
  }
  const problems = promises.problemsOfLocks(found);
  const { body } = await connection.post('/locks/after/the/return/acquire', {
    ttl_seconds: 60,
    lease_id: randomUUID(),
  });
  connection.cut();
  if (Number(body['fencing_token']) <= promises.fencingToken) problems.push('a fencing token came again');
  const code = await server.end('SIGTERM');
  return code === EXIT.ok ? problems : [...problems, `the next server ended with ${code}`];
}

/** Returns 1 if the server refused to start, 0 if the operation was none that it needs. */
async function failAtStart({ folder, shim }: Workshop, failAt: number, fault: Fault): Promise<number> {
  const place = await mkdtemp(join(folder, 'start-'));
  const control = new ShimControl(join(place, 'control'), 'create');
  control.arm(failAt, fault);
  const server = serverIn(place);
  const isRefused = !(await server.tryToStart(shimEnvironment(shim, { control: control.path })));
  const code = await (isRefused ? server.ended() : server.end('SIGTERM'));
  const isFailed = control.read().injected > 0;
  control.close();
  const isClear = /The disk that holds the database|could not be written|cannot be opened/.test(
    server.output,
  );
  if (isRefused && (!isFailed || !isClear || code === 0)) {
    throw new ClaimBroken(
      `Operation ${failAt} failed at a start (${JSON.stringify(fault)}), which ended with ${code}: ${server.output}`,
    );
  }
  const problems = await problemsOfNextStart(server, new Promises());
  if (problems.length > 0) throw new ClaimBroken(`After a start that failed: ${problems.join('; ')}`);
  await server.remove();
  return isRefused ? 1 : 0;
}

/** A server whose database has the name that the shim looks for. */
function serverIn(place: string): BuiltServer {
  return new BuiltServer({ DATABASE_URL: join(place, DATABASE_NAME) }, { folder: place });
}
