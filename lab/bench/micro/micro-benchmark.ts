/** One row of the output: an operation at one size, and how long it takes. */
export interface Timing {
  readonly operation: string;
  readonly size: string;
  readonly nanoseconds: number;
}

/** Measures one part of the service, in this process. */
export interface MicroBenchmark {
  readonly name: string;
  run(): Timing[] | Promise<Timing[]>;
}
