/** One figure of a scale benchmark, beside what is asked of it. */
export interface Finding {
  readonly what: string;
  readonly figure: string;
  readonly asked?: string;
  readonly holds?: boolean;
}

/** A benchmark of how costs grow. */
export interface ScaleBenchmark {
  readonly name: string;
  readonly about: string;
  run(tell: (line: string) => void): Promise<Finding[]>;
}
