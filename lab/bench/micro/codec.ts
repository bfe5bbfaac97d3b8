import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { hashToken } from '../../../src/auth/tokens/token-format.js';
import { parseLockName } from '../../../src/core/model/lock-name.js';
import { validatorOf } from '../../../src/http/input/compiled-validator.js';
import { parseJson } from '../../../src/http/input/request-body.js';
import { AcquireLockRequest } from '../../../src/locks/dto/acquire.dto.js';
import { nanosecondsOf } from './measure.js';
import type { MicroBenchmark } from './micro-benchmark.js';

const BODY = { ttl_seconds: 60, lease_id: randomUUID(), metadata: 'worker-7' };

const ANSWER = {
  status: 'acquired',
  lease_id: BODY.lease_id,
  name: 'billing/nightly',
  fencing_token: 123_456,
  holder: 'local',
  holder_id: randomUUID(),
  metadata: BODY.metadata,
};

const DEADLINE_MS = 1_700_000_000_000;

/** The cost of one request apart from core and the disk, for each part that can be measured alone. */
export const codec: MicroBenchmark = {
  name: 'the rest of a request',
  run() {
    const bytes = Buffer.from(JSON.stringify(BODY));
    const validate = validatorOf(AcquireLockRequest);
    const parts: Readonly<Record<string, () => unknown>> = {
      'hash of the bearer token': () => hashToken('octo_0123456789abcdefghijklmnopqrstuvwxyzAB'),
      'lock name': () => parseLockName('billing/invoices/nightly'),
      'JSON of the body': () => parseJson(bytes),
      'validation of the body': () => validate(BODY),
      'JSON of the answer': () =>
        JSON.stringify({ ...ANSWER, expires_at: new Date(DEADLINE_MS).toISOString() }),
    };
    return Object.entries(parts).map(([operation, part]) => ({
      operation,
      size: 'acquire',
      nanoseconds: nanosecondsOf(() => void part()),
    }));
  },
};
