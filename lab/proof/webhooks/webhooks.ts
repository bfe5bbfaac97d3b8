import { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { SHORT_TIMES } from './short-times.js';
import { realRetry } from './real-retry.js';
import { Trial, type TrialResult } from './trial.js';

const PLANS: Record<Budget, { readonly kills: number; readonly times: number }> = {
  small: { kills: 3, times: 2 },
  full: { kills: 100, times: 40 },
};

/** When to give up if nothing arrives. Usually something arrives all the time. */
const PATIENCE_MS = 60_000;

/** How much one connection may read from a flooding receiver: part of an answer, and the socket buffers. */
const READ_MAX_BYTES = 32 * 1024 * 1024;

const MEMORY_MAX_BYTES = 384 * 1024 * 1024;

export const webhooks: Proof = {
  name: 'webhooks',
  claim:
    'Every committed event reaches every webhook that wants it, in order, signed, whatever receivers do and whenever the server is killed.',
  run,
};

async function run({ budget, seed, reportProgress }: ProofContext): Promise<Figures> {
  const build = new TestBuild(SHORT_TIMES);
  try {
    const plan = {
      ...PLANS[budget],
      main: build.main,
      misbehaviours: MISBEHAVIOURS,
      patienceMs: PATIENCE_MS,
      reportProgress,
    };
    const result = await Trial.run(plan, new Random(seed));
    check(result);
    reportProgress('everything was delivered');
    if (budget === 'small') return figures(result, plan.kills);
    const retryMs = await realRetry(new Random(seed));
    return { ...figures(result, plan.kills), 'first retry of the unpatched server, after ms': retryMs };
  } finally {
    build.remove();
  }
}

function check({ violations, receivers, largestMemoryBytes }: TrialResult): void {
  const [first] = violations;
  if (first !== undefined) throw new ClaimBroken(`${violations.length} violations, the first: ${first}`);
  if (receivers.trapConnections > 0) throw new ClaimBroken('a redirect was followed');
  const flooding = receivers.all.find(({ mostSent }) => mostSent > READ_MAX_BYTES);
  if (flooding !== undefined)
    throw new ClaimBroken(`the server read ${flooding.mostSent} bytes from a receiver that ${flooding.name}`);
  if (largestMemoryBytes > MEMORY_MAX_BYTES)
    throw new ClaimBroken(`the server used ${largestMemoryBytes} bytes`);
  const unused = receivers.bad.find(({ misbehaved }) => misbehaved === 0);
  if (unused !== undefined)
    throw new Error(`the receiver that ${unused.name} never did, so the proof would mean nothing`);
}

function figures(
  { receivers, events, acknowledged, largestMemoryBytes }: TrialResult,
  kills: number,
): Figures {
  return {
    'kinds of bad receivers': receivers.bad.length,
    misbehaviours: sum(receivers.bad.map(({ misbehaved }) => misbehaved)),
    'good receivers': receivers.good.length,
    'kills, each followed by a restart': kills,
    'calls acknowledged, all in the event log': acknowledged,
    'events in the log': events,
    'messages received': sum(receivers.all.map(({ inbox }) => inbox.count)),
    'of these, repeats': sum(receivers.all.map(({ inbox }) => inbox.repeats)),
    'connections to targets of redirects': receivers.trapConnections,
    'most that one connection read, KiB': Math.round(
      Math.max(...receivers.all.map(({ mostSent }) => mostSent)) / 1024,
    ),
    'largest memory of the server, MiB': Math.round(largestMemoryBytes / 1024 / 1024),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
