/** A histogram from the server: how many values are at most `le`, in ascending order of `le`. */
export interface MetricHistogram {
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** The values from one scrape of `/metrics`, without labels. */
export class Scrape {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** Reads the metrics of a server. Throws if the server does not accept the key. */
  static async of(url: string, adminKey: string): Promise<Scrape> {
    const response = await fetch(`${url}/metrics`, { headers: { 'x-admin-key': adminKey } });
    if (!response.ok) throw new Error(`GET /metrics was answered with ${response.status}`);
    return new Scrape(await response.text());
  }

  /** The value of a metric. 0 if there is no such metric. */
  value(name: string): number {
    return numberAtEnd(this.#lines.find((line) => line.startsWith(`${name} `)) ?? '0');
  }

  histogram(name: string): MetricHistogram {
    const buckets = this.#lines
      .filter((line) => line.startsWith(`${name}_bucket{`))
      .map((line) => {
        const le = /le="([^"]+)"/.exec(line)?.[1] ?? '+Inf';
        return { le: le === '+Inf' ? Infinity : Number(le), count: numberAtEnd(line) };
      });
    return { buckets, sum: this.value(`${name}_sum`), count: this.value(`${name}_count`) };
  }
}

/** What was added between two scrapes. */
export function difference(before: MetricHistogram, after: MetricHistogram): MetricHistogram {
  return {
    buckets: after.buckets.map(({ le, count }, index) => ({
      le,
      count: count - (before.buckets[index]?.count ?? 0),
    })),
    sum: after.sum - before.sum,
    count: after.count - before.count,
  };
}

/**
 * The value that a share `q` (0 to 1) does not exceed. An estimate that assumes an even spread within each bucket. 0 if there
 * are no values.
 */
export function quantileOf({ buckets, count }: MetricHistogram, q: number): number {
  if (count === 0) return 0;
  const rank = q * count;
  let below = { le: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank && bucket.count > below.count) {
      if (bucket.le === Infinity) return below.le;
      return below.le + ((bucket.le - below.le) * (rank - below.count)) / (bucket.count - below.count);
    }
    below = bucket;
  }
  return below.le;
}

/** What a server did between two scrapes. */
export interface ServerWork {
  readonly commits: number;
  readonly commitMeanMs: number;
  readonly commitP50Ms: number;
  readonly commitP99Ms: number;
  /** Requests that shared one commit, on average. */
  readonly callersPerCommit: number;
  /** Processor seconds that the server used. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

export function workBetween(before: Scrape, after: Scrape): ServerWork {
  const between = (name: string): MetricHistogram =>
    difference(before.histogram(name), after.histogram(name));
  const commits = between('octostore_commit_duration_seconds');
  const callers = between('octostore_commit_callers');
  const perCommit = (sum: number): number => (commits.count === 0 ? 0 : sum / commits.count);
  return {
    commits: commits.count,
    commitMeanMs: perCommit(commits.sum) * 1000,
    commitP50Ms: quantileOf(commits, 0.5) * 1000,
    commitP99Ms: quantileOf(commits, 0.99) * 1000,
    callersPerCommit: perCommit(callers.sum),
    cpuSeconds: after.value('process_cpu_seconds_total') - before.value('process_cpu_seconds_total'),
    residentBytes: after.value('process_resident_memory_bytes'),
  };
}

function numberAtEnd(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}
