import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { LeaseId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { openStore } from '../store/open-store.js';
import { listenForParent } from './listen.js';

/**
 * The bare limit: the real store and its commits behind plain Node HTTP. No tokens, no validation, no limits, no errors. The
 * difference to OctoStore is the cost of what the service adds.
 */

const USER = 'bench' as UserId;
const ROUTE = /^\/locks\/([^/]+)\/(acquire|release)$/;

interface Body {
  readonly ttl_seconds?: number;
  readonly lease_id: LeaseId;
}

const store = await openStore(join(process.argv[2] ?? '.', 'octostore.db'));

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (text += part));
  request.on('end', () => void serve(request, text, response));
});
listenForParent(server);

async function serve(request: IncomingMessage, text: string, response: ServerResponse): Promise<void> {
  const [, encoded = '', verb] = ROUTE.exec(request.url ?? '') ?? [];
  const lockName = decodeURIComponent(encoded) as LockName;
  const body = JSON.parse(text) as Body;
  const [status, answer] = await (verb === 'acquire' ? acquire(lockName, body) : release(lockName, body));
  const json = JSON.stringify(answer);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
  });
  response.end(json);
}

async function acquire(lockName: LockName, { lease_id, ttl_seconds }: Body): Promise<[number, object]> {
  const outcome = await store.acquire(
    {
      wants: [{ lockName, demand: EXCLUSIVE }],
      holder: { userId: USER, sessionId: null },
      leaseId: lease_id,
      leaseIdChosen: true,
      ttlSeconds: ttl_seconds ?? 60,
      metadata: null,
      cooling: NO_COOLING,
    },
    0,
  );
  if (outcome.kind !== 'acquired' && outcome.kind !== 'already_held') return [409, { status: outcome.kind }];
  const { leaseId, fencingToken, deadline } = outcome.lease;
  return [
    200,
    {
      status: 'acquired',
      lease_id: leaseId,
      name: lockName,
      fencing_token: fencingToken,
      expires_at: new Date(store.toWallMs(deadline)).toISOString(),
      holder: 'bench',
      holder_id: USER,
      metadata: null,
    },
  ];
}

async function release(lockName: LockName, { lease_id }: Body): Promise<[number, object]> {
  const { kind } = await store.execute({ kind: 'release', lockName, userId: USER, leaseId: lease_id });
  return kind === 'released' ? [200, { status: kind, message: 'Lock released' }] : [404, { status: kind }];
}
