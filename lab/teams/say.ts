import { wallMs } from '../../src/process/time.js';

/** Prints a line with the time of day. */
export function say(line: string): void {
  const time = new Date(wallMs()).toTimeString().slice(0, 8);
  console.log(`${time}  ${line}`);
}
