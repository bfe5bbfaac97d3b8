/** One figure of a scale benchmark, and whether it meets its target if it has one. */
export interface Measurement {
  readonly name: string;
  readonly figure: string;
  readonly target?: string;
  readonly isMet?: boolean;
}

/** A benchmark that shows how a cost grows. */
export interface ScaleBenchmark {
  readonly name: string;
  readonly about: string;
  run(reportProgress: (line: string) => void): Promise<Measurement[]>;
}
