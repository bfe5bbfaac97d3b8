#!/usr/bin/env node
import { overrideSignalDefaults } from './process/signals-at-start.js';
import { OWN_PROCESSES } from './program/own-processes.js';

overrideSignalDefaults();
void run(process.argv.slice(2));

/** Imports what it runs only now, because loading takes a while. */
async function run(args: readonly string[]): Promise<void> {
  const ownProcess = OWN_PROCESSES.find((name) => name === args[0]);
  if (ownProcess !== undefined) {
    const { runOwnProcess } = await import('./cli/own-process.js');
    await runOwnProcess(ownProcess);
  } else {
    const { runCommand } = await import('./cli/command-line.js');
    await runCommand(args);
  }
}
