import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock } from '../../clock/clock.js';
import { Watches } from '../../events/watches.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { JobRunner } from '../../store/jobs/job-runner.js';
import { LockStore } from '../../store/lock-store.js';
import { Replicas } from '../replicas.js';
import type { ChartsBody } from './charts.dto.js';
import { LoopDelay, LOOP_CHECK_EVERY_MS } from './loop-delay.js';
import { SERIES_NAMES, type Sample, type SeriesName } from './series.js';
import { readTotals, type Totals } from './totals.js';

const SAMPLE_EVERY_SECONDS = 10;

/** An hour. */
const SAMPLES_MAX = 360;

/** What the samples are compared with. */
interface Reading {
  readonly atMs: number;
  readonly totals: Totals;
}

/**
 * The last hour of this server, in memory. A sample is what the metrics have counted since the one before. They begin when the server begins
 * to lead, and are gone when it ends: for more, there is Prometheus.
 */
@Injectable()
export class Charts implements OnApplicationBootstrap {
  readonly #samples: { readonly at: number; readonly sample: Sample }[] = [];
  readonly #loop: LoopDelay;
  #last: Reading | null = null;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly store: LockStore,
    private readonly watches: Watches,
    private readonly replicas: Replicas,
    private readonly jobs: JobRunner,
    private readonly clock: Clock,
  ) {
    this.#loop = new LoopDelay(clock.monotonicMs());
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#last = await this.#read();
  }

  @Interval(LOOP_CHECK_EVERY_MS)
  checkLoop(): void {
    this.#loop.check(this.clock.monotonicMs());
  }

  @Interval(SAMPLE_EVERY_SECONDS * 1000)
  async takeSample(): Promise<void> {
    await this.jobs.run('charts', () => this.sample());
  }

  /** Adds a sample of the time since the last one. */
  async sample(): Promise<void> {
    const before = this.#last;
    const reading = await this.#read();
    this.#last = reading;
    if (before === null || reading.atMs <= before.atMs) return;
    const at = Math.round(this.clock.wallMs() / 1000);
    this.#samples.push({ at, sample: { ...changesBetween(before, reading), ...this.#present() } });
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  /** All samples, as the API shows them. */
  get body(): ChartsBody {
    const valuesOf = (name: SeriesName) => this.#samples.map(({ sample }) => rounded(sample[name]));
    return {
      replica: this.replicas.ownUrl,
      term: this.store.epoch,
      interval_seconds: SAMPLE_EVERY_SECONDS,
      times: this.#samples.map(({ at }) => at),
      series: Object.fromEntries(SERIES_NAMES.map((name) => [name, valuesOf(name)])) as ChartsBody['series'],
    };
  }

  async #read(): Promise<Reading> {
    return { atMs: this.clock.monotonicMs(), totals: await readTotals(this.registry) };
  }

  #present() {
    const { lockCount, waiterCount, sessionCount } = this.store.counts;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      locks_held: lockCount,
      waiters: waiterCount,
      sessions: sessionCount,
      streams: this.watches.count,
      event_loop_delay_p99_ms: this.#loop.takeP99Ms(),
      memory_bytes: rss,
      heap_bytes: heapUsed,
    };
  }
}

function changesBetween(before: Reading, { atMs, totals }: Reading) {
  const seconds = (atMs - before.atMs) / 1000;
  const was = before.totals;
  const commands = totals.commandTimes.since(was.commandTimes);
  const commits = totals.commitTimes.since(was.commitTimes);
  return {
    requests_per_second: (totals.requests - was.requests) / seconds,
    commands_per_second: (totals.commands - was.commands) / seconds,
    command_p50_ms: commands.quantileMs(0.5),
    command_p95_ms: commands.quantileMs(0.95),
    command_p99_ms: commands.quantileMs(0.99),
    commit_p50_ms: commits.quantileMs(0.5),
    commit_p99_ms: commits.quantileMs(0.99),
    overloaded_per_second: (totals.overloaded - was.overloaded) / seconds,
    rate_limited_per_second: (totals.rateLimited - was.rateLimited) / seconds,
    deliveries_per_second: (totals.delivered - was.delivered) / seconds,
    delivery_failures_per_second: (totals.notDelivered - was.notDelivered) / seconds,
  };
}

/** Three decimals are enough to draw. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
