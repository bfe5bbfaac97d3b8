/** One row: what is done, at one size, and how long one of it takes. */
export interface Timing {
  readonly what: string;
  readonly size: string;
  readonly nanoseconds: number;
}

/** Benchmarks of one part, in this process. */
export interface MicroBenchmark {
  readonly name: string;
  run(): Timing[] | Promise<Timing[]>;
}
