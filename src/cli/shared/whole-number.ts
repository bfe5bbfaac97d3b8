import { InvalidArgumentError } from 'commander';

/** Parses the argument of an option. The server checks its bounds. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
