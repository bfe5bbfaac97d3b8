import { checkHistory, type Findings } from '../../kit/history/check-history.js';
import { BREAKER_KEY } from '../../kit/load/lock-breaker.js';
import { DEFAULT_MIX, type OperationMix } from '../../kit/load/operation-mix.js';
import { tokenOf } from '../../kit/load/shared-state.js';
import { staticTokens, Workload } from '../../kit/load/workload.js';
import type { Random } from '../../kit/random.js';
import { BackgroundWork } from '../background-work.js';
import { attack, type AttackPlan } from './attack.js';
import { CLOCK_ERRORS } from './fast-replica.js';
import { Holder } from './holder.js';
import { LeaderLog } from './leader-log.js';
import { Rotator, rotatorUser } from './rotator.js';
import { Site } from './site.js';
import { Streams } from './streams.js';

export interface CampaignPlan extends AttackPlan {
  readonly clients: number;
  readonly locks: number;
  /** What clients do. Some of everything by default. */
  readonly mix?: OperationMix;
}

export interface CampaignResult {
  readonly workload: Workload;
  readonly findings: Findings;
  /** What is wrong besides that. */
  readonly more: readonly string[];
  /** How often each kind of fault occurred. */
  readonly faults: ReadonlyMap<string, number>;
  readonly takeOversByFast: number;
  readonly figures: Readonly<Record<string, number>>;
}

const USERS = 12;
const HOLDERS = 5;
const ROTATOR_USERS = 300;
const GRACE_SECONDS = 10;
const ANSWER_WITHIN_MS = 2500;

/** A frozen replica, or one that holds a request, may have it carried out this long after its client has left. */
const LATE_MS = 20_000;

/** How long streams may take to send everything. */
const PATIENCE_MS = 30_000;

const holderUsers = Array.from({ length: HOLDERS }, (_, number) => `holder${number}`);
/** The user whose reads show that a leader serves. */
const LEADER_READER = 'u0';

const rotatorUsers = Array.from({ length: ROTATOR_USERS }, (_, number) => rotatorUser(number));

const SETTINGS = {
  STATIC_TOKENS: staticTokens(USERS, ...holderUsers, ...rotatorUsers),
  ADMIN_KEY: BREAKER_KEY,
  RESTART_GRACE_SECONDS: String(GRACE_SECONDS),
  MAX_LOCKS_PER_USER: '100000',
  MAX_SESSIONS_PER_USER: '100000',
  EVENT_RETENTION: '100000000',
  AUTH_FAILURES_PER_MINUTE: '1000000',
};

/** Clients at work on three replicas, while one fault follows another. */
export async function runCampaign(
  plan: CampaignPlan,
  random: Random,
  reportProgress: (line: string) => void,
  main?: string,
): Promise<CampaignResult> {
  const site = await Site.open(SETTINGS, main);
  try {
    return await new Campaign(site, plan, random, reportProgress).run();
  } finally {
    await site.remove();
  }
}

/** One run on one site. */
class Campaign {
  readonly #stop = new AbortController();
  readonly #streams: Streams;
  readonly #leaders: LeaderLog;

  constructor(
    private readonly site: Site,
    private readonly plan: CampaignPlan,
    private readonly random: Random,
    private readonly reportProgress: (line: string) => void,
  ) {
    this.#streams = new Streams(site.set);
    this.#leaders = new LeaderLog(
      GRACE_SECONDS * 1000,
      CLOCK_ERRORS,
      (replica) => site.isFast(replica),
      tokenOf(LEADER_READER),
    );
  }

  async run(): Promise<CampaignResult> {
    const address = () => this.site.set.anyAddress();
    const workload = await Workload.on(address, this.random.split(), {
      users: USERS,
      operationsPerLock: 100,
      proxiedOneIn: 6,
      mix: DEFAULT_MIX,
      breaks: true,
      isSameWallClock: false,
      answerWithinMs: ANSWER_WITHIN_MS,
      ...this.plan,
    });
    const { shared } = workload;
    this.site.readThrough = ({ address: at }) => workload.readAllAt(at);
    this.site.grantAndRead = (granting, reading, meanwhile) =>
      workload.grantAndRead(granting.address, reading.address, meanwhile);
    shared.history.grantedLateByMs = LATE_MS;
    const holders = holderUsers.map((user) => new Holder(address, user, shared));
    const rotator = new Rotator(address, shared, this.random.split(), ROTATOR_USERS);
    const faults = await this.#attack(workload, [...holders, rotator]);
    await workload.close();
    this.reportProgress(`${shared.history.answered} operations; searching for valid orders`);
    const streams = await this.#streams
      .violations(shared.history.grants, PATIENCE_MS)
      .finally(() => this.#streams.stop());
    const findings = checkHistory(shared.history, this.#leaders.takeOvers);
    const figures = { ...Object.fromEntries(faults), ...this.#figures(holders, rotator) };
    return { workload, findings, more: streams, faults, takeOversByFast: this.#leaders.countByFast, figures };
  }

  async #attack(
    workload: Workload,
    others: readonly (Holder | Rotator)[],
  ): Promise<ReadonlyMap<string, number>> {
    const work = new BackgroundWork();
    for (const other of others) other.start(work);
    this.#streams.start();
    const clients = workload.work(this.#stop.signal);
    const leaders = this.#leaders.watch(this.site.set, this.#stop.signal);
    try {
      return await attack(this.#partsOf(workload), this.plan);
    } finally {
      this.#stop.abort();
      await Promise.all([clients, leaders, work.stop()]);
    }
  }

  #partsOf(workload: Workload): Parameters<typeof attack>[0] {
    return {
      site: this.site,
      shared: workload.shared,
      random: this.random,
      after: () => workload.readAll(),
      reportProgress: this.reportProgress,
    };
  }

  #figures(holders: readonly Holder[], rotator: Rotator): Readonly<Record<string, number>> {
    const silences = holders.map(({ longestSilenceMs }) => longestSilenceMs);
    return {
      'take-overs': this.#leaders.count,
      'take-overs by the replica whose clock is fast': this.#leaders.countByFast,
      'longest time without a leader, ms': Math.round(this.#leaders.longestGapMs),
      'renewals of leases that are kept': sum(holders.map(({ renewals }) => renewals)),
      'of these leases, lost': sum(holders.map(({ lost }) => lost)),
      'longest time between two renewals, ms': Math.round(Math.max(...silences)),
      'tokens replaced': rotator.rotations,
      'refusals of replaced tokens': rotator.refusals,
      ...this.#streams.figures,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
