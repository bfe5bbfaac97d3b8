import { Random } from '../../kit/random.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, figuresOf, type Findings } from '../../kit/history/check-history.js';
import { demandSoundness } from './demand-soundness.js';
import { EventWitness } from './event-witness.js';
import { USUAL_HABITS } from '../../kit/load/habits.js';
import { killAgainAndAgain, OPERATIONS_PER_KILL, type Kills } from '../../kit/load/kills.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { staticTokens, Workload, type WorkloadOptions } from '../../kit/load/workload.js';

interface Plan extends WorkloadOptions {
  readonly kills: number;
  /** The run ends earlier after this time. */
  readonly seconds: number;
}

const USERS = 16;
const GRACE_SECONDS = 10;
const SHARED = { users: USERS, operationsPerLock: 600, proxiedOneIn: 0, clients: 32, habits: USUAL_HABITS };
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, locks: 24, kills: 6, seconds: 10 },
  full: { ...SHARED, locks: 24, kills: 1000, seconds: 1200 },
};

const PATIENCE_MS = 60_000;

export const killNine: Proof = {
  name: 'kill-nine',
  claim: 'A server that is killed at any moment, again and again, honours all that it had acknowledged.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const dice = new Random(seed);
  const witness = await EventWitness.open();
  const server = newServer(witness);
  try {
    const workload = await Workload.on(() => server.address, dice, plan);
    await server.start();
    await witness.begin(server);
    const kills = await killAgainAndAgain(server, workload, dice, plan, tell);
    await workload.close();
    tell(`${kills.all} kills; looking for orders`);
    const { history } = workload.world;
    const findings = checkHistory(history, server.outages);
    demandSoundness(workload.world, findings, await witness.violations(server, history.grants, PATIENCE_MS));
    if (history.answered < kills.all * OPERATIONS_PER_KILL) {
      throw new Error(`only ${history.answered} operations and ${kills.all} kills: that proves nothing`);
    }
    return figures(workload, findings, kills, witness);
  } finally {
    await server.remove();
    await witness.close();
  }
}

function newServer({ settings }: EventWitness): RestartedServer {
  return new RestartedServer({
    graceSeconds: GRACE_SECONDS,
    settings: {
      STATIC_TOKENS: staticTokens(USERS),
      MAX_LOCKS_PER_USER: '100000',
      MAX_SESSIONS_PER_USER: '100000',
      ...settings,
    },
  });
}

function figures({ world }: Workload, findings: Findings, kills: Kills, witness: EventWitness): Figures {
  const { history } = world;
  return {
    kills: kills.all,
    'kills of a server that was just starting': kills.early,
    operations: history.answered,
    'operations cut by a kill': history.unanswered,
    'grants told, all in the event log': history.grants.length,
    ...witness.figures,
    ...figuresOf(history, findings),
  };
}
