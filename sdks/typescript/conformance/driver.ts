/**
 * The driver of the TypeScript SDK: passes requests from standard input to the SDK, and writes their results to standard output. It
 * decides nothing.
 */
import { createInterface } from 'node:readline';
import { OctoStoreError } from '../src/index.js';
import { errorFacts, type Json, ProgramError, snakeCased } from './protocol.js';
import type { Given } from './given.js';
import { REQUESTS } from './requests.js';

function write(message: Json): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function serve(line: string): Promise<void> {
  const { id, do: what, ...given } = JSON.parse(line) as { id: number; do: string } & Given;
  try {
    const request = REQUESTS[what];
    if (request === undefined) throw new Error(`there is no request called ${what}`);
    const value = await request(given, write);
    write({ id, value: value === undefined ? null : snakeCased(value) });
  } catch (error) {
    if (!(error instanceof OctoStoreError || error instanceof ProgramError)) throw error;
    write({ id, error: errorFacts(error) });
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void serve(line));
lines.on('close', () => process.exit());
