import { InvalidArgumentError } from 'commander';

const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;

/** Parses an option such as `30`, `30s`, `1.5m` or `1h` into seconds. Throws `InvalidArgumentError`. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)([smh])?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Give a time such as 30s, 5m or 1h.');
  return Number(number) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Makes a parser for an option in whole seconds within a range. The parser throws `InvalidArgumentError`. */
export function wholeSeconds({ min, max }: Range): (text: string) => number {
  return (text) => {
    const value = seconds(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give whole seconds, from ${min}s to ${max}s.`);
  };
}
