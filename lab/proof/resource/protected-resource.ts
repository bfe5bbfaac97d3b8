import { Random } from '../../kit/random.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { withServer, type BuiltServer } from '../../kit/server/built-server.js';
import { Resource } from './resource.js';
import { Writers } from './writers.js';

interface Plan {
  readonly writers: number;
  readonly items: number;
  readonly pauseProbability: number;
  /** A run ends when it has reached all three and a paused holder has done harm or was refused. */
  readonly seconds: number;
  readonly additions: number;
  readonly pauses: number;
}

const PLANS: Readonly<Record<Budget, Plan>> = {
  small: { writers: 5, items: 2, pauseProbability: 0.04, seconds: 3, additions: 20, pauses: 3 },
  full: { writers: 8, items: 8, pauseProbability: 0.01, seconds: 10, additions: 10_000, pauses: 50 },
};

const TTL_SECONDS = 1;

/** A run that takes longer than this fails. */
const RUN_MS_MAX = 600_000;

interface Run {
  readonly additions: number;
  readonly pauses: number;
  readonly refused: number;
  readonly lost: readonly string[];
}

/** Jepsen's set test: fencing tokens protect a resource from holders that were paused beyond their lease. */
export const protectedResource: Proof = {
  name: 'protected-resource',
  claim:
    'A resource that checks fencing tokens loses no update to a holder that was paused beyond its lease.',
  async run(context): Promise<Figures> {
    return withServer({}, async (server) => {
      const unfenced = await attack(server, context, false);
      const fenced = await attack(server, context, true);
      if (fenced.lost.length > 0)
        throw new ClaimBroken(
          `${fenced.lost.length} acknowledged updates were lost: ${fenced.lost.slice(0, 5).join(', ')}`,
        );
      return {
        'with fencing: updates': fenced.additions,
        'with fencing: holders paused': fenced.pauses,
        'with fencing: accesses refused': fenced.refused,
        'with fencing: updates lost': 0,
        'without fencing: updates': unfenced.additions,
        'without fencing: holders paused': unfenced.pauses,
        'without fencing: updates lost': unfenced.lost.length,
      };
    });
  },
};

async function attack(
  server: BuiltServer,
  { budget, seed, reportProgress }: ProofContext,
  isFenced: boolean,
): Promise<Run> {
  const plan = PLANS[budget];
  const resource = new Resource(isFenced);
  const random = new Random(seed);
  const writers = new Writers(random);
  try {
    const { items, pauseProbability } = plan;
    const addresses = { octostore: server.address, resource: await resource.listen() };
    writers.start(plan.writers, { ...addresses, seed, items, ttlSeconds: TTL_SECONDS, pauseProbability });
    const hasHadEffect = (): boolean => resource.refused > 0 || lostOf(writers, resource).length > 0;
    await waitUntilDone(plan, writers, hasHadEffect);
  } finally {
    writers.kill();
    resource.close();
  }
  const { additions, pauses } = writers;
  const lost = lostOf(writers, resource);
  reportProgress(`${isFenced ? 'with' : 'without'} fencing: ${additions} updates, ${lost.length} lost`);
  // The next run needs the locks that the killed writers still hold.
  await pause(TTL_SECONDS * 1000);
  return { additions, pauses, refused: resource.refused, lost };
}

async function waitUntilDone(
  { seconds, additions, pauses }: Plan,
  writers: Writers,
  hasHadEffect: () => boolean,
): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    await pause(100);
    const ranMs = Date.now() - startedAt;
    const isDone =
      ranMs >= seconds * 1000 && writers.additions >= additions && writers.pauses >= pauses && hasHadEffect();
    if (isDone) return;
    if (ranMs > RUN_MS_MAX)
      throw new ClaimBroken(
        `${writers.additions} updates, ${writers.pauses} pauses, but no paused holder came back in time`,
      );
  }
}

function lostOf(writers: Writers, resource: Resource): string[] {
  return [...writers.added].flatMap(([item, elements]) => {
    const kept = new Set(resource.elements(item));
    return elements.filter((element) => !kept.has(element)).map((element) => `${item} ${element}`);
  });
}
