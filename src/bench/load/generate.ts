import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../process/time.js';
import { Client } from './client.js';
import type { LoadMessage, LoadResult, LoadTask } from './load.js';
import { ClosedLoop, OpenLoop, type Pace } from './pace.js';
import { Recorder } from './recorder.js';
import type { Workload } from './script.js';

const PREPARED_AT_ONCE = 100;

/** How long to wait for answers after the measured time, in milliseconds. */
const LAST_ANSWERS_WITHIN_MS = 60_000;

/** The clients of a closed loop start one by one during the first half of the warm-up. */
const RAMP_MS_PER_WARMUP_SECOND = 500;

const MICROSECONDS = 1e6;

/**
 * Runs a load generator. It is a separate process, so that nothing else delays the measurements. It does the task from its
 * parent, reports progress, and exits.
 */
export async function generateLoad(workloads: readonly Workload[]): Promise<never> {
  try {
    const task = JSON.parse(process.argv.at(-1) ?? '') as LoadTask;
    send({ kind: 'result', result: await generate(task, workloads) });
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  process.disconnect();
  process.exit();
}

async function generate(task: LoadTask, workloads: readonly Workload[]): Promise<LoadResult> {
  const workload = workloads.find(({ name }) => name === task.workload);
  if (workload === undefined) throw new Error(`there is no workload called ${task.workload}`);
  const recorder = new Recorder(workload.headline ?? null);
  const clients = createClients(workload, task, recorder);
  await forEachClient(clients, (client) => client.prepare());
  const begunMs = nowMs();
  const startMs = begunMs + task.warmupSeconds * 1000;
  const endMs = startMs + task.seconds * 1000;
  recorder.begin({ startMs, endMs });
  const pace =
    task.rate === null
      ? new ClosedLoop(endMs, task.warmupSeconds * RAMP_MS_PER_WARMUP_SECOND)
      : new OpenLoop(task.rate, begunMs, endMs);
  const work = pace.run(clients);
  await pause(startMs - nowMs());
  send({ kind: 'measuring' });
  const cpu = process.cpuUsage();
  await reportEachSecond(recorder, startMs, task.seconds);
  const { user, system } = process.cpuUsage(cpu);
  send({ kind: 'measured' });
  await Promise.race([work, pause(LAST_ANSWERS_WITHIN_MS)]);
  for (const client of clients) client.giveUp();
  const result = resultOf(recorder, pace, (user + system) / MICROSECONDS / task.seconds);
  await forEachClient(clients, cleanup);
  return result;
}

function createClients(workload: Workload, task: LoadTask, recorder: Recorder): Client[] {
  const scriptOf = workload.begin({
    target: task.target,
    run: randomUUID(),
    seconds: task.warmupSeconds + task.seconds,
    record: (operation, startedMs, endedMs) => recorder.succeeded(operation, startedMs, endedMs),
  });
  return Array.from(
    { length: task.connections },
    (_, index) => new Client(workload, task.target, recorder, scriptOf(index)),
  );
}

async function reportEachSecond(recorder: Recorder, startMs: number, seconds: number): Promise<void> {
  for (let second = 1; second <= seconds; second += 1) {
    await pause(startMs + second * 1000 - nowMs());
    send({ kind: 'second', second: recorder.endSecond() });
  }
}

function resultOf(recorder: Recorder, pace: Pace, generatorCpu: number): LoadResult {
  return {
    operations: recorder.operations,
    timeline: recorder.timeline,
    notSent: pace.notSent,
    lateness: pace.lateness?.summary ?? null,
    generatorCpu,
  };
}

/** Releases what the client still holds. If that fails, it expires. */
async function cleanup(client: Client): Promise<void> {
  for (const request of client.script.cleanup?.() ?? []) await client.ask(request).catch(() => undefined);
  client.close();
}

async function forEachClient(
  clients: readonly Client[],
  act: (client: Client) => Promise<void>,
): Promise<void> {
  const waiting = clients.values();
  const actInTurn = async (): Promise<void> => {
    for (const client of waiting) await act(client);
  };
  await Promise.all(Array.from({ length: PREPARED_AT_ONCE }, actInTurn));
}

function send(message: LoadMessage): void {
  process.send?.(message);
}
