import { formatCount, formatMs, table } from '../../../src/bench/report/table.js';

/** One peer's figures in one round at one number of connections. */
export interface Sample {
  readonly peer: string;
  readonly connections: number;
  readonly round: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** The server's processor time per request across all threads, in microseconds. */
  readonly cpuPerRequest: number;
  readonly failures: number;
}

type Figure = 'perSecond' | 'p50' | 'p99' | 'cpuPerRequest';

/** Samples of peers that were measured in turn, round after round, so that a disturbance affects all of them. */
export class Comparison {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.push(sample);
  }

  has(peer: string): boolean {
    return this.#samples.some((sample) => sample.peer === peer);
  }

  /** The median over all rounds. `NaN` if there are none. */
  median(peer: string, connections: number, figure: Figure): number {
    return median(this.#of(peer, connections).map((sample) => sample[figure]));
  }

  /** The ratio of one peer to another: the median over the rounds. */
  ratio(figure: Figure, peer: string, other: string, connections: number): number {
    return this.#compare(figure, peer, other, connections, (one, two) => one / two);
  }

  /** How much more one peer has than another: the median over the rounds. */
  difference(figure: Figure, peer: string, other: string, connections: number): number {
    return this.#compare(figure, peer, other, connections, (one, two) => one - two);
  }

  /** A table for one number of connections. The ratio column compares throughput with that of `reference`. */
  toTable(peers: readonly string[], reference: string, connections: number): string {
    return table(
      [
        `${connections} connections`,
        'per second',
        'min',
        'max',
        'p50 ms',
        'p99 ms',
        'cpu us/request',
        `vs ${reference}`,
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

  /** Compares samples of the same round. A round with only one of the peers does not count. */
  #compare(
    figure: Figure,
    peer: string,
    other: string,
    connections: number,
    compare: (one: number, two: number) => number,
  ): number {
    const others = new Map(this.#of(other, connections).map((sample) => [sample.round, sample[figure]]));
    return median(
      this.#of(peer, connections).flatMap((sample) => {
        const two = others.get(sample.round);
        return two === undefined ? [] : [compare(sample[figure], two)];
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
