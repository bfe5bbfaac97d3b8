import { withGraces, type Grace } from '../../../../src/core/grace.js';
import type { DurableState } from '../../../../src/core/recovery.js';
import type { Instant } from '../../../../src/core/model/time.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { CallFor } from '../../../../src/journal/postgres/batch-call.js';
import type { Succession } from '../../../../src/journal/succession.js';
import type { LockStore } from '../../../../src/store/lock-store.js';
import { graceRecordFromText } from '../../../../src/store/load/stored-graces.js';
import type { StoreOptions } from '../../../../src/store/store-options.js';
import type { Served } from '../../sim/checks/law-follower.js';
import { FenceCheck } from '../../sim/checks/fence-check.js';
import type { Answer, Operation } from '../../sim/request.js';
import type { World } from '../../../kit/world/world.js';
import { numberIn, type DatabaseState } from '../../../kit/simulated-postgres/database-state.js';
import type { DescribedSchema } from '../../../kit/simulated-postgres/described-schema.js';
import type { Entry } from '../../../kit/simulated-postgres/instance.js';
import type { ReplicaCounts } from '../figures.js';
import type { ReplicaProfile } from '../profile.js';
import { LeaseLifeCheck } from './lease-life-check.js';
import { LineCheck } from './line-check.js';
import { History } from './history.js';
import { storedState } from './stored-state.js';
import { TermCheck } from './term-check.js';

interface Parts {
  readonly world: World;
  readonly schema: DescribedSchema;
  readonly counts: ReplicaCounts;
  readonly profile: ReplicaProfile;
}

interface Beginning {
  readonly store: LockStore;
  readonly reign: string;
  /** When it had read everything, by its monotonic clock. */
  readonly readAtMs: number;
  readonly succession: Succession;
  readonly options: StoreOptions;
}

/** Checks everything that all processes decide, write, answer and publish together. */
export class ReplicaChecks {
  readonly history: History;
  readonly #parts: Parts;
  readonly #fences: FenceCheck;
  #newestToken = 0;
  /** The text of each event that was published, by its sequence. */
  readonly #published = new Map<number, string>();
  readonly #line: LineCheck;
  readonly #lives: LeaseLifeCheck;
  #kept: Entry | null = null;
  /** The last instant that was durable in each term, also if an asynchronous standby has lost it since. */
  readonly #lastInstants = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { world, profile } = parts;
    const report = (broken: string): void => world.report(broken);
    const drift = profile.drift / 2;
    this.history = new History(world, (entry, batch) => this.#entryKept(entry, batch));
    this.#fences = new FenceCheck(report);
    this.#line = new LineCheck(drift, report);
    const { sweepEveryMs } = profile;
    const graceSeconds = profile.options.restartGraceSeconds;
    this.#lives = new LeaseLifeCheck({ line: this.#line, drift, graceSeconds, sweepEveryMs, report });
  }

  get newestAcknowledgedToken(): number {
    return this.#newestToken;
  }

  /** Learns which statement commits which batch. */
  watch(callFor: CallFor): CallFor {
    return (batch, from) => {
      const statement = callFor(batch, from);
      this.history.called(statement, batch);
      return statement;
    };
  }

  begun(batch: Batch): void {
    this.#line.begun(batch, this.#parts.world.nowMs);
    this.#parts.counts.commits += 1;
  }

  /** A process has begun to serve. */
  begin(beginning: Beginning): TermCheck {
    const { world } = this.#parts;
    return new TermCheck({
      world,
      history: this.history,
      reign: beginning.reign,
      served: this.#served(beginning),
      begun: (batch, steps) => this.#lives.begun(batch, steps),
      lastInstant: () => this.#lastInstants.get(beginning.reign) ?? 0,
    });
  }

  arrived(operation: Operation): void {
    if (this.#parts.profile.isSynchronous) this.#fences.arrived(operation);
  }

  answered(operation: Operation, answer: Answer, check: TermCheck): void {
    this.#parts.world.note('answer', operation.id, answer.kind);
    check.answered(operation, answer);
    if (this.#parts.profile.isSynchronous) this.#fences.answered(operation, answer);
    this.#newestToken = Math.max(this.#newestToken, check.newestToken);
    this.history.toldToken(this.#newestToken);
    this.#count(operation, answer);
  }

  /** Events have reached readers. No other event may ever have their sequences. */
  published(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      const text = JSON.stringify(event);
      const known = this.#published.get(event.sequence) ?? text;
      if (known !== text)
        this.#parts.world.report(`sequence ${event.sequence} is of ${known} and of ${text}`);
      this.#published.set(event.sequence, text);
      this.history.toldSequence(event.sequence);
      if (event.type === 'expired' && known === text) this.#parts.counts.expiries += 1;
      if (event.type === 'acquired') this.history.toldToken(event.body.fencingToken);
    }
  }

  kept(entry: Entry): void {
    this.history.kept(entry);
  }

  lostAfter(entry: Entry): void {
    this.#kept = entry;
    this.#parts.counts.lostCommits += 1;
    this.#line.lost();
    this.#lives.lost();
    this.#parts.counts.wholeTermsLost += this.history.lostAfter(entry);
  }

  /**
   * Null if the term is over already. So it is if the commit that began it was lost in a fail-over: nothing can be committed on top of it,
   * and the server row still holds the timeline of the term before.
   */
  #served({ store, reign, readAtMs, options, succession }: Beginning): Served | null {
    const { schema } = this.#parts;
    const term = this.history.term(reign);
    const kept = this.#kept;
    if (term === null || kept?.state.server.reign !== reign || kept.index === term.entry.index) return null;
    const offset = numberIn(kept.state.server, 'monotonic_offset');
    const isRestart = succession.kind === 'restart';
    const graces = isRestart ? [] : gracesIn(kept.state);
    return {
      found: graced(storedState(term.entry.state, schema), graces),
      left: graced(storedState(kept.state, schema), graces),
      options,
      graceSeconds: isRestart ? options.restartGraceSeconds : 0,
      startedAt: Math.floor(readAtMs + offset) as Instant,
      view: store.peek((view) => view),
      instant: () => store.now(),
    };
  }

  #entryKept(entry: Entry, batch: Batch | null): void {
    this.#kept = entry;
    const { server } = entry.state;
    this.#lastInstants.set(String(server.reign), numberIn(server, 'last_instant'));
    if (batch === null) return;
    this.#line.kept(entry, batch);
    this.#lives.kept(batch);
  }

  #count({ request }: Operation, { kind }: Answer): void {
    const { counts } = this.#parts;
    if (kind === 'acquired') counts.grants += 1;
    if (kind === 'renewed') counts.renewals += 1;
    if (kind === 'refused') counts.refusals += 1;
    if (request.kind === 'status' || request.kind === 'fence') counts.reads += 1;
  }
}

/** The time to renew that the server row gives to what its other rows hold. */
function gracesIn({ server }: DatabaseState): readonly Grace[] {
  return graceRecordFromText((server.graces ?? null) as string | null)?.graces ?? [];
}

function graced(durable: DurableState, graces: readonly Grace[]): DurableState {
  const { leases, sessions, ...others } = withGraces(durable, graces);
  return { leases: [...leases], sessions: [...sessions], ...others };
}
