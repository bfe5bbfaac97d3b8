import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runLoad, type StartGenerator } from '../../../src/bench/load/run-load.js';
import { whole } from '../../../src/bench/options.js';
import { describeMachine, thisMachine } from '../../../src/bench/report/machine.js';
import { failureCount, summarize } from '../../../src/bench/report/summary.js';
import { formatCount, formatMs } from '../../../src/bench/report/table.js';
import { cleanUpOnSignal } from '../../../src/bench/signals.js';
import { GROUPS, PEERS } from './catalogue.js';
import { Comparison, type Sample } from './comparison.js';
import { checkExpectations } from './expectations.js';
import { PeerMissing, type Peer, type PeerGroup, type RunningPeer } from './peer.js';
import { processorMsOf } from './processor-time.js';

const USAGE = `Compares services that do the same work in turn: each client acquires and releases its own lock, again and again.

  npm run bench:peers -- [--only teams] [--rounds 5] [--seconds 3] [--connections 1,64,256] [--peers "OctoStore,etcd lock"]

${GROUPS.map(listOf).join('\n\n')}
`;

function listOf({ name, about, peers }: PeerGroup): string {
  return [`${name}: ${about}`, ...peers.map((peer) => `  ${peer.name.padEnd(13)} ${peer.about}`)].join('\n');
}

const CAVEATS = `A request is one acquire or one release. Every request is durable, except with the echo. The services take turns on this
machine, not pinned to a core, with their files in the same temporary folder. The load generator runs on the same machine.
Differences to keep in mind: etcd replicates when it has more than one node, which it has only in the group "teams". Redis uses a
protocol that costs much less than HTTP, and its locks have no fencing tokens. The bare limit checks nothing, and the echo stores
nothing. Processor time per request covers all threads of the server that receives the load, and no other one. It says little
about a single client, which waits for the disk. But unlike throughput, it stays the same on a busy machine.`;

const WARMUP_SECONDS = 1;

/** A load generator that also has the workloads of the other services. */
const startGenerator: StartGenerator = (task) =>
  fork(fileURLToPath(new URL('./generator.js', import.meta.url)), [task]);

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,64,256' },
    only: { type: 'string', default: GROUPS.map(({ name }) => name).join(',') },
    peers: { type: 'string', default: PEERS.map(({ name }) => name).join(',') },
    help: { type: 'boolean', default: false },
  },
});

interface Started {
  readonly peer: Peer;
  readonly running: RunningPeer;
}

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: readonly number[];
}

cleanUpOnSignal();

if (values.help) console.log(USAGE);
else {
  console.log(`${describeMachine(thisMachine())}\n\n${CAVEATS}\n`);
  const [groups, peers] = [values.only.split(','), values.peers.split(',')];
  for (const group of GROUPS.filter(({ name }) => groups.includes(name))) {
    await compare(
      group.peers.filter(({ name }) => peers.includes(name)),
      {
        rounds: whole('--rounds', values.rounds, 1, 1000),
        seconds: whole('--seconds', values.seconds, 1, 3600),
        connections: values.connections.split(',').map((text) => whole('--connections', text, 1, 10_000)),
      },
    );
  }
}

async function compare(peers: readonly Peer[], plan: Plan): Promise<void> {
  const [reference] = peers;
  if (reference === undefined) return;
  const started: Started[] = [];
  try {
    for (const peer of peers) await start(peer, started);
    report(await measure(started, plan), reference, plan);
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
}

/** Starts a peer, or says how to install it. */
async function start(peer: Peer, started: Started[]): Promise<void> {
  try {
    started.push({ peer, running: await peer.start() });
    console.log(`${peer.name}: ${peer.about}`);
  } catch (error) {
    if (!(error instanceof PeerMissing)) throw error;
    console.log(`${peer.name}: skipped. ${error.message}`);
  }
}

/** Each round starts with a different peer. */
async function measure(
  started: readonly Started[],
  { rounds, seconds, connections }: Plan,
): Promise<Comparison> {
  const comparison = new Comparison();
  for (let round = 0; round < rounds; round += 1) {
    const first = round % started.length;
    for (const count of connections) {
      for (const { peer, running } of [...started.slice(first), ...started.slice(0, first)]) {
        const sample = await takeSample(peer, running, round, count, seconds);
        comparison.add(sample);
        const { perSecond, cpuPerRequest } = sample;
        console.log(
          `round ${round + 1}, ${count} connections, ${peer.name}: ${formatCount(perSecond)}/s, ` +
            `${formatMs(cpuPerRequest)} us of processor time per request`,
        );
      }
    }
  }
  return comparison;
}

async function takeSample(
  { name, workload }: Peer,
  { aim }: RunningPeer,
  round: number,
  connections: number,
  seconds: number,
): Promise<Sample> {
  const { target, processId } = await aim();
  const task = { workload, connections, warmupSeconds: WARMUP_SECONDS, seconds, rate: null };
  const cpuMs: number[] = [];
  const recordCpu = (): void => void cpuMs.push(processorMsOf(processId));
  const listener = { onMeasuring: recordCpu, onMeasured: recordCpu };
  const load = await runLoad({ ...task, target }, listener, startGenerator);
  const result = summarize(task, load, null);
  const { perSecond, p50, p99 } = result.all;
  const [before = NaN, after = NaN] = cpuMs;
  const cpuPerRequest = ((after - before) * 1000) / (perSecond * seconds);
  return {
    peer: name,
    connections,
    round,
    perSecond,
    p50,
    p99,
    cpuPerRequest,
    failures: failureCount(result),
  };
}

function report(comparison: Comparison, reference: Peer, { connections }: Plan): void {
  const names = PEERS.map(({ name }) => name);
  for (const count of connections) console.log(`\n${comparison.toTable(names, reference.name, count)}`);
  console.log(`\n${checkExpectations(comparison).join('\n')}`);
  console.log(`\nload average at the end: ${thisMachine().loadAverage}\n`);
}
