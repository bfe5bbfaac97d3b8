/** How much a measure may grow and still count as flat: a share of its first value plus a fixed amount. */
interface Slack {
  readonly share: number;
  readonly amount: number;
}

const MIB = 1024 * 1024;

/** What must not grow while the load stays the same. `unit` is the divisor for display. */
const MEASURES = {
  memory: {
    label: 'memory in use, MiB',
    unit: MIB,
    slack: { share: 0.05, amount: 2 * MIB },
  },
  resident: { label: 'resident memory, MiB', unit: MIB, slack: { share: 0.1, amount: 24 * MIB } },
  descriptors: { label: 'open descriptors', unit: 1, slack: { share: 0.1, amount: 10 } },
  resources: { label: 'active resources', unit: 1, slack: { share: 0.1, amount: 10 } },
  database: { label: 'database file, MiB', unit: MIB, slack: { share: 0.1, amount: MIB } },
  log: { label: 'write-ahead log, MiB', unit: MIB, slack: { share: 0.25, amount: 2 * MIB } },
} as const satisfies Record<string, { label: string; unit: number; slack: Slack }>;

export type Measure = keyof typeof MEASURES;

/** All measures at one moment, in bytes or as counts. */
export type Sample = Readonly<Record<Measure, number>>;

const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** How one measure changed: its median in the first third of the samples, and in the last third. */
export class Trend {
  readonly measure: Measure;
  readonly from: number;
  readonly to: number;

  constructor(measure: Measure, samples: readonly Sample[]) {
    const third = Math.floor(samples.length / 3);
    if (third === 0) throw new Error('a trend needs at least three samples');
    const values = samples.map((sample) => sample[measure]);
    this.measure = measure;
    this.from = median(values.slice(0, third));
    this.to = median(values.slice(-third));
  }

  get isFlat(): boolean {
    const { share, amount } = MEASURES[this.measure].slack;
    return this.to - this.from <= this.from * share + amount;
  }

  get label(): string {
    return MEASURES[this.measure].label;
  }

  toString(): string {
    const [from, to] = [this.from, this.to].map((value) => show(this.measure, value));
    return `${from} in the first third, ${to} in the last`;
  }
}

export function trendsOf(samples: readonly Sample[]): Trend[] {
  return MEASURE_NAMES.map((measure) => new Trend(measure, samples));
}

/** A sample as a line of text. */
export function showSample(sample: Sample): string {
  return MEASURE_NAMES.map((measure) => `${MEASURES[measure].label} ${show(measure, sample[measure])}`).join(
    ', ',
  );
}

function show(measure: Measure, value: number): string {
  const { unit } = MEASURES[measure];
  return (value / unit).toFixed(unit === 1 ? 0 : 1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
