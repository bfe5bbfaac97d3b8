#!/usr/bin/env node
import { runCommand } from './commands/command-line.js';

await runCommand(process.argv.slice(2));
