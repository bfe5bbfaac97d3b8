#!/usr/bin/env node
import { settleSignals } from './process/signals-at-start.js';

settleSignals();
// Loaded after that, since it takes a while.
const { runCommand } = await import('./cli/command-line.js');
await runCommand(process.argv.slice(2));
