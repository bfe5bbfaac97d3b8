import type { OwnProcess } from '../program/own-processes.js';

/** What each of the program's own processes runs. */
const PROGRAMS: Readonly<Record<OwnProcess, () => Promise<unknown>>> = {
  __guardian: () => import('./client/run/guardian-program.js'),
  '__load-generator': () => import('../bench/load/generator.js'),
};

/** Runs one of the program's own processes. */
export async function runOwnProcess(name: OwnProcess): Promise<void> {
  await PROGRAMS[name]();
}
