#!/usr/bin/env node
import { overrideSignalDefaults } from './process/signals-at-start.js';

overrideSignalDefaults();
// Imported afterwards, because loading takes a while.
const { runCommand } = await import('./cli/command-line.js');
await runCommand(process.argv.slice(2));
