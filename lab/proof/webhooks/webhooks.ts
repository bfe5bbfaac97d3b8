import { Random } from '../../kit/random.js';
import { TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { HURRIED } from './hurried-build.js';
import { realRetry } from './real-retry.js';
import { Trial, type TrialResult } from './trial.js';

const PLANS: Record<Budget, { readonly kills: number; readonly times: number }> = {
  small: { kills: 3, times: 2 },
  full: { kills: 100, times: 40 },
};

/** When to give up hope if nothing comes. As a rule something comes all the time. */
const PATIENCE_MS = 60_000;

/** What one connection may take from a receiver that pours: a bit of an answer, and what the buffers of sockets hold. */
const TAKEN_MAX_BYTES = 32 * 1024 * 1024;

const MEMORY_MAX_BYTES = 384 * 1024 * 1024;

export const webhooks: Proof = {
  name: 'webhooks',
  claim:
    'Every committed event reaches every webhook that wants it, in order, signed, whatever receivers do and whenever the server is killed.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const build = new TestBuild(HURRIED);
  try {
    const plan = {
      ...PLANS[budget],
      main: build.main,
      misbehaviours: MISBEHAVIOURS,
      patienceMs: PATIENCE_MS,
      tell,
    };
    const result = await Trial.run(plan, new Random(seed));
    demand(result);
    tell('all has come');
    if (budget === 'small') return figures(result, plan.kills);
    const retryMs = await realRetry(new Random(seed));
    return { ...figures(result, plan.kills), 'first retry of the program as it is, after ms': retryMs };
  } finally {
    build.remove();
  }
}

function demand({ violations, receivers, largestMemoryBytes }: TrialResult): void {
  const [first] = violations;
  if (first !== undefined) throw new ClaimBroken(`${violations.length} violations, the first: ${first}`);
  if (receivers.trapped > 0) throw new ClaimBroken('a redirect was followed');
  const glutton = receivers.all.find(({ mostSent }) => mostSent > TAKEN_MAX_BYTES);
  if (glutton !== undefined)
    throw new ClaimBroken(`${glutton.mostSent} bytes were taken from one that ${glutton.name}`);
  if (largestMemoryBytes > MEMORY_MAX_BYTES)
    throw new ClaimBroken(`the server had ${largestMemoryBytes} bytes`);
  const tame = receivers.bad.find(({ misbehaved }) => misbehaved === 0);
  if (tame !== undefined) throw new Error(`the receiver that ${tame.name} never did: that proves nothing`);
}

function figures(
  { receivers, events, acknowledged, largestMemoryBytes }: TrialResult,
  kills: number,
): Figures {
  return {
    'kinds of bad receivers': receivers.bad.length,
    'times that they misbehaved': sum(receivers.bad.map(({ misbehaved }) => misbehaved)),
    'good receivers': receivers.good.length,
    'kills, each followed by a start': kills,
    'calls acknowledged, all in the event log': acknowledged,
    'events in the log': events,
    'messages that came': sum(receivers.all.map(({ inbox }) => inbox.count)),
    'of these repeats': sum(receivers.all.map(({ inbox }) => inbox.repeats)),
    'connections to where redirects led': receivers.trapped,
    'most that one connection took, KiB': Math.round(
      Math.max(...receivers.all.map(({ mostSent }) => mostSent)) / 1024,
    ),
    'largest memory of the server, MiB': Math.round(largestMemoryBytes / 1024 / 1024),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
