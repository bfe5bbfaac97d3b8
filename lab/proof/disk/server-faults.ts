import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { ClaimBroken, type Figures, type ProofContext } from '../proof.js';
import { BuiltServer, TOKEN } from '../../kit/server/built-server.js';
import { RequestRecorder } from './clients.js';
import { HttpClient, leaseOf, type Ending } from './http-client.js';
import type { FoundLease } from './lock-promise.js';
import { Promises } from './promises.js';
import { Random } from '../../kit/random.js';
import { DATABASE_NAME, ShimControl, shimEnvironment, type Fault } from './shim.js';
import type { ShimFolder } from './shim-folder.js';

const CLIENTS = 8;
const ANSWERS_BEFORE = 100;
const UNDER_LOAD = { small: 1, full: 12 };
const AT_START = { small: 1, full: 20 };

/** A start takes about a hundred operations. */
const START_OPERATIONS = 150;

/** Persistent faults, so that each reaches a commit. After a failed checkpoint alone, SQLite just tries again later. */
const FAULTS: readonly Fault[] = [
  { kind: 'error', error: 'EIO', isPersistent: true },
  { kind: 'error', error: 'ENOSPC', isPersistent: true },
  { kind: 'short', error: 'ENOSPC', isPersistent: true },
];

/** Repeats the proof a few times with the whole built server and its clients. */
export async function serverFaults(
  shimFolder: ShimFolder,
  { budget, seed, reportProgress }: ProofContext,
): Promise<Figures> {
  const random = new Random(seed);
  const endings: Ending[] = [];
  let acknowledged = 0;
  for (let round = 0; round < UNDER_LOAD[budget]; round += 1) {
    const result = await failUnderLoad(shimFolder, random, random.pick(FAULTS));
    endings.push(...result.endings);
    acknowledged += result.acknowledged;
  }
  reportProgress('the disk failed under the load of the built server');
  let refused = 0;
  for (let round = 0; round < AT_START[budget]; round += 1) {
    refused += await failAtStart(shimFolder, 1 + random.below(START_OPERATIONS), random.pick(FAULTS));
  }
  return {
    'built server: disks that failed under load': UNDER_LOAD[budget],
    'built server: acknowledged changes that had to last': acknowledged,
    'built server: clients answered with 503': endings.filter((ending) => ending === 'refused').length,
    'built server: clients cut off': endings.filter((ending) => ending === 'cut').length,
    'built server: disks that failed during a start': AT_START[budget],
    'built server: starts refused with a reason': refused,
  };
}

async function failUnderLoad(
  { folder, shim }: ShimFolder,
  random: Random,
  fault: Fault,
): Promise<{ endings: Ending[]; acknowledged: number }> {
  const home = await mkdtemp(join(folder, 'server-'));
  const control = new ShimControl(join(home, 'control'), 'create');
  const promises = new Promises();
  const server = serverIn(home);
  await server.start(shimEnvironment(shim, { control: control.path }));
  const recorder = new RequestRecorder((note) => promises.add(note));
  const clients = Array.from({ length: CLIENTS }, (_, number) =>
    new HttpClient(server.address, recorder, random, number).work(),
  );
  while (promises.acknowledged < ANSWERS_BEFORE) await pause(1);
  control.arm(control.read().operations + 1 + random.below(50), fault);
  const endings = await Promise.all(clients);
  const code = await server.ended();
  const problems = code === EXIT.storeFailed ? [] : [`the server exited with ${code}`];
  if (!endings.includes('refused')) problems.push('no client got an error');
  if (!server.output.includes('could not be written')) problems.push('the log does not give the reason');
  control.close();
  problems.push(...(await problemsOfNextStart(server, promises)));
  if (problems.length > 0) {
    throw new ClaimBroken(`Built server, ${JSON.stringify(fault)}: ${problems.slice(0, 5).join('; ')}`);
  }
  await server.remove();
  return { endings, acknowledged: promises.acknowledged };
}

/** Restarts the server on a working disk and compares its state with the promises. */
async function problemsOfNextStart(server: BuiltServer, promises: Promises): Promise<string[]> {
  if (!(await server.tryToStart())) return [`the next start failed: ${server.output}`];
  const connection = new Connection(() => server.address, TOKEN);
  const found = new Map<LockName, FoundLease[]>();
  for (const lockName of promises.lockNames) {
    const lease = await leaseOf(connection, lockName);
    if (lease !== null) found.set(lockName, [lease]);
  }
  const problems = promises.problemsOfLocks(found);
  const { body } = await connection.post('/locks/after/the/restart/acquire', {
    ttl_seconds: 60,
    lease_id: randomUUID(),
  });
  connection.cut();
  if (Number(body['fencing_token']) <= promises.fencingToken) problems.push('a fencing token was reused');
  const code = await server.end('SIGTERM');
  return code === EXIT.ok ? problems : [...problems, `the next server exited with ${code}`];
}

/** Returns 1 if the server refused to start, 0 if it did not need the operation that failed. */
async function failAtStart({ folder, shim }: ShimFolder, failAt: number, fault: Fault): Promise<number> {
  const home = await mkdtemp(join(folder, 'start-'));
  const control = new ShimControl(join(home, 'control'), 'create');
  control.arm(failAt, fault);
  const server = serverIn(home);
  const isRefused = !(await server.tryToStart(shimEnvironment(shim, { control: control.path })));
  const code = await (isRefused ? server.ended() : server.end('SIGTERM'));
  const isFailed = control.read().injected > 0;
  control.close();
  const isClear = /The disk that holds the database|could not be written|cannot be opened/.test(
    server.output,
  );
  if (isRefused && (!isFailed || !isClear || code === 0)) {
    throw new ClaimBroken(
      `Operation ${failAt} failed during a start (${JSON.stringify(fault)}). The server exited with ${code}: ${server.output}`,
    );
  }
  const problems = await problemsOfNextStart(server, new Promises());
  if (problems.length > 0) throw new ClaimBroken(`After a failed start: ${problems.join('; ')}`);
  await server.remove();
  return isRefused ? 1 : 0;
}

/** A server whose database has the name that the shim watches. */
function serverIn(home: string): BuiltServer {
  return new BuiltServer({ DATABASE_URL: join(home, DATABASE_NAME) }, { folder: home });
}
