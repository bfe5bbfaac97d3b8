/** How far a measure may grow and still count as flat: by a share of what it was, and by so much. */
interface Slack {
  readonly share: number;
  readonly amount: number;
}

const MIB = 1024 * 1024;

/** What must not grow while the load stays the same. `unit` is what figures are shown in. */
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

/** Everything that is measured, at one moment; bytes or numbers. */
export type Sample = Readonly<Record<Measure, number>>;

const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** How one measure went: its median in the first third and in the last third of the samples. */
export class Trend {
  readonly measure: Measure;
  readonly from: number;
  readonly to: number;

  constructor(measure: Measure, samples: readonly Sample[]) {
    const third = Math.floor(samples.length / 3);
    if (third === 0) throw new Error('three samples make a trend, at least');
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

  /** For people. */
  toString(): string {
    const [from, to] = [this.from, this.to].map((value) => show(this.measure, value));
    return `${from} in the first third, ${to} in the last`;
  }
}

export function trendsOf(samples: readonly Sample[]): Trend[] {
  return MEASURE_NAMES.map((measure) => new Trend(measure, samples));
}

/** For people. */
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
