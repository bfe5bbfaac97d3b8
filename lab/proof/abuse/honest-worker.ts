import { Connection, type Address } from '../../kit/http/connection.js';
import { nowMs } from '../../../src/process/time.js';
import { Durations } from '../server/durations.js';

/** Acquires and releases locks in a separate process, so that the attack does not distort the measurement. */

export interface HonestTask {
  readonly address: Address;
  readonly token: string;
  readonly forMs: number;
}

export interface HonestResult {
  readonly acquires: number;
  readonly acquireP50Ms: number;
  readonly text: string;
}

const PATIENCE_MS = 60_000;

const { address, token, forMs } = JSON.parse(process.argv[2] ?? '') as HonestTask;
const connection = new Connection(() => address, token);
const durations = new Durations();
const endMs = nowMs() + forMs;
for (let count = 0; nowMs() < endMs; count += 1) {
  const lock = `/locks/${encodeURIComponent(`honest/${count % 10}`)}`;
  const startedMs = nowMs();
  const { status, body } = await connection.post(`${lock}/acquire`, { ttl_seconds: 60 }, PATIENCE_MS);
  durations.add(nowMs() - startedMs);
  if (status === 200) await connection.post(`${lock}/release`, { lease_id: body['lease_id'] }, PATIENCE_MS);
}
connection.cut();
process.send?.({
  acquires: durations.count,
  acquireP50Ms: durations.quantile(0.5),
  text: String(durations),
} satisfies HonestResult);
process.disconnect();
