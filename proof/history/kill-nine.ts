import { readEventLog } from '../../test/crash/event-log.js';
import { Client } from '../../test/support/client.js';
import { logViolations, type LoggedEvent } from '../../test/support/history.js';
import { Random } from '../disk/random.js';
import type { Budget, Figures, Proof, ProofContext } from '../proof.js';
import { checkHistory, type Findings } from './check.js';
import { nowMs, pause } from '../../test/support/real-time.js';
import { demandSoundness } from './demand.js';
import { USUAL_HABITS } from './habits.js';
import { Server } from './server.js';
import { WebhookListener } from './webhook-listener.js';
import { staticTokens, Workload, type WorkloadOptions } from './workload.js';
import { tokenOf } from './world.js';

interface Plan extends WorkloadOptions {
  readonly cycles: number;
  /** The run ends earlier after this time. */
  readonly seconds: number;
}

/** Operations in a cycle below which a run proves nothing. */
const OPERATIONS_PER_CYCLE_MIN = 30;

const USERS = 16;
const GRACE_SECONDS = 10;
const SHARED = {
  users: USERS,
  operationsPerLock: 600,
  proxiedOneIn: 0,
  clients: 32,
  locks: 24,
  habits: USUAL_HABITS,
};
const PLANS: Record<Budget, Plan> = {
  small: { ...SHARED, cycles: 8, seconds: 60 },
  full: { ...SHARED, cycles: 1000, seconds: 1200 },
};

/** How long a server works before it is killed, in milliseconds. */
const LIFE_MS = { min: 50, max: 1200 };

/** A refused message comes again after 5 s, and everything behind it after that. */
const DELIVERED_WITHIN_MS = 60_000;

/** The locks whose events the webhook is told. */
const HOOKED = 'own/';

export const killNine: Proof = {
  name: 'kill-nine',
  claim: 'A server that is killed at any moment, again and again, honours all that it had acknowledged.',
  run,
};

async function run({ budget, seed, tell }: ProofContext): Promise<Figures> {
  const plan = PLANS[budget];
  const dice = new Random(seed);
  const listener = await WebhookListener.start(dice.split());
  const server = newServer(listener.caFile);
  try {
    const workload = await Workload.on(() => server.address, dice, plan);
    await server.start();
    await hookUp(server, listener);
    const cycles = await killAgainAndAgain(server, workload, dice, plan, tell);
    await workload.close();
    tell(`${cycles} kills; reading the event log`);
    const events = await readEventLog(new Client(server.url, tokenOf('u0')));
    const hooked = events.filter(({ lock }) => lock.startsWith(HOOKED));
    await delivered(listener, hooked);
    const { history } = workload.world;
    const findings = checkHistory(history, server.outages);
    const more = [...logViolations(events, history.grants), ...listener.violations(hooked)];
    demandSoundness(workload.world, findings, more);
    if (history.answered < cycles * OPERATIONS_PER_CYCLE_MIN) {
      throw new Error(`only ${history.answered} operations in ${cycles} cycles: that proves nothing`);
    }
    return figures(workload, findings, cycles, { events, hooked, messages: listener.count });
  } finally {
    listener.stop();
    await server.remove();
  }
}

/** A server that may call a receiver on loopback. */
function newServer(caFile: string): Server {
  const settings = {
    STATIC_TOKENS: staticTokens(USERS),
    MAX_LOCKS_PER_USER: '100000',
    MAX_SESSIONS_PER_USER: '100000',
    EVENT_RETENTION: '100000000',
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'true',
    WEBHOOK_CA_FILE: caFile,
  };
  return new Server({ graceSeconds: GRACE_SECONDS, settings });
}

async function hookUp(server: Server, listener: WebhookListener): Promise<void> {
  const { status, body } = await new Client(server.url, tokenOf('u0')).post('/webhooks', {
    url: listener.url,
    secret: 'a secret of the proof',
    lock_pattern: `${HOOKED}*`,
  });
  if (status !== 200 && status !== 201) throw new Error(`no webhook: ${status} ${JSON.stringify(body)}`);
}

/** Has clients work on a server that is killed and started all the time. Returns the number of kills. */
export async function killAgainAndAgain(
  server: Server,
  workload: Workload,
  dice: Random,
  plan: { readonly cycles: number; readonly seconds: number },
  tell: ProofContext['tell'],
): Promise<number> {
  const stop = new AbortController();
  const work = workload.work(stop.signal);
  const endMs = nowMs() + plan.seconds * 1000;
  let cycles = 0;
  try {
    while (cycles < plan.cycles && nowMs() < endMs) {
      await pause(dice.between(LIFE_MS.min, LIFE_MS.max));
      const diedMs = await server.kill();
      await server.start();
      workload.world.history.serverDied(diedMs);
      cycles += 1;
      if (cycles % 50 === 0) tell(`${cycles} kills, ${workload.world.history.answered} operations`);
    }
    await pause(LIFE_MS.max);
  } finally {
    stop.abort();
    await work;
  }
  return cycles;
}

async function delivered(listener: WebhookListener, events: readonly LoggedEvent[]): Promise<void> {
  const endMs = nowMs() + DELIVERED_WITHIN_MS;
  while (nowMs() < endMs && !listener.hasAll(events)) await pause(100);
}

function figures(
  { world }: Workload,
  findings: Findings,
  cycles: number,
  told: { events: readonly unknown[]; hooked: readonly unknown[]; messages: number },
): Figures {
  const { history } = world;
  return {
    'kills, each followed by a start': cycles,
    operations: history.answered,
    'operations cut by a kill': history.unanswered,
    'grants told, all in the event log': history.grants.length,
    'locks, each with an order found': findings.locks,
    'longest history of one lock': findings.longestLockHistory,
    'events in the log': told.events.length,
    'events that a webhook was to be told': told.hooked.length,
    'messages that came, with repeats': told.messages,
    ...Object.fromEntries([...history.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
