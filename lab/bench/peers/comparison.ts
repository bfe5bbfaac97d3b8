import { formatCount, formatMs, table } from '../../../src/bench/report/table.js';

/** What one peer did in one round at one number of connections. */
export interface Sample {
  readonly peer: string;
  readonly connections: number;
  readonly round: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server for one request, in microseconds, in all its threads. */
  readonly cpuPerRequest: number;
  readonly failures: number;
}

type Figure = 'perSecond' | 'p50' | 'p99' | 'cpuPerRequest';

/** Samples of peers that were measured in turn, round after round: what disturbs one disturbs its neighbours as well. */
export class Comparison {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.push(sample);
  }

  has(peer: string): boolean {
    return this.#samples.some((sample) => sample.peer === peer);
  }

  /** The median over all rounds; `NaN` if there are none. */
  median(peer: string, connections: number, figure: Figure): number {
    return median(this.#of(peer, connections).map((sample) => sample[figure]));
  }

  /** The median of the ratios of the same rounds. */
  ratio(figure: Figure, peer: string, other: string, connections: number): number {
    const others = new Map(this.#of(other, connections).map((sample) => [sample.round, sample[figure]]));
    return median(
      this.#of(peer, connections).flatMap((sample) => {
        const divisor = others.get(sample.round);
        return divisor === undefined ? [] : [sample[figure] / divisor];
      }),
    );
  }

  /** A table of one number of connections; ratios are of throughput, to that of `reference`. */
  toTable(peers: readonly string[], reference: string, connections: number): string {
    return table(
      [
        `${connections} connections`,
        'per second',
        'least',
        'most',
        'p50 ms',
        'p99 ms',
        'cpu us each',
        `to ${reference}`,
        'failed',
      ],
      peers
        .filter((peer) => this.has(peer))
        .map((peer) => {
          const samples = this.#of(peer, connections);
          const rates = samples.map(({ perSecond }) => perSecond);
          return [
            peer,
            formatCount(median(rates)),
            formatCount(Math.min(...rates)),
            formatCount(Math.max(...rates)),
            formatMs(this.median(peer, connections, 'p50')),
            formatMs(this.median(peer, connections, 'p99')),
            formatMs(this.median(peer, connections, 'cpuPerRequest')),
            `${this.ratio('perSecond', peer, reference, connections).toFixed(2)} x`,
            formatCount(samples.reduce((sum, { failures }) => sum + failures, 0)),
          ];
        }),
    );
  }

  #of(peer: string, connections: number): Sample[] {
    return this.#samples.filter((sample) => sample.peer === peer && sample.connections === connections);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
