import type { Command } from 'commander';
import { addLockCommands } from './lock/lock-commands.js';

/** The commands that ask a server, as its clients do. */
export function addClientCommands(program: Command): void {
  addLockCommands(program);
}
