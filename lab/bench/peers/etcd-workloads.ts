import { httpRequest } from '../../../src/bench/load/http-request.js';
import type { Target } from '../../../src/bench/load/load.js';
import type { Reply, Request, Script, Send, Workload } from '../../../src/bench/load/script.js';
import { Alternation } from '../../../src/bench/workloads/alternation.js';
import { complaintAboutStatus } from '../../../src/bench/workloads/lock-requests.js';

const LEASE_SECONDS = 3600;

/** The gateway takes keys and values in base64. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function gatewayRequest(
  { host, port }: Target,
  operation: string,
  path: string,
  body: object,
  complaint: Request['complaint'] = complaintAboutStatus,
): Request {
  const bytes = httpRequest({ method: 'POST', path: `/v3${path}`, host: `${host}:${port}`, body });
  return { operation, bytes, complaint };
}

async function grantLease(target: Target, send: Send): Promise<string> {
  const { body } = await send(
    gatewayRequest(target, 'grant lease', '/lease/grant', { TTL: LEASE_SECONDS, ID: 0 }),
  );
  const id = /"ID":"(\d+)"/.exec(body)?.[1];
  if (id === undefined) throw new Error(`no lease in ${body}`);
  return id;
}

/** Acquires and releases under a lease that is granted once, as etcd clients do. */
abstract class UnderLease implements Script {
  #alternation: Alternation | null = null;

  constructor(
    protected readonly target: Target,
    protected readonly lockName: string,
  ) {}

  async prepare(send: Send): Promise<void> {
    const [acquire, release] = await this.requests(send);
    this.#alternation = new Alternation(acquire, release);
  }

  protected abstract requests(send: Send): Promise<[acquire: Request, release: Request]>;

  get isAtRest(): boolean {
    return this.#prepared.isAtRest;
  }

  next(nowMs: number): Request {
    return this.#prepared.next(nowMs);
  }

  answered(request: Request, succeeded: boolean, nowMs: number): void {
    this.#prepared.answered(request, succeeded, nowMs);
  }

  get #prepared(): Alternation {
    if (this.#alternation === null) throw new Error('not prepared');
    return this.#alternation;
  }
}

class LockApiClient extends UnderLease {
  protected override async requests(send: Send): Promise<[Request, Request]> {
    const lease = await grantLease(this.target, send);
    const acquire = gatewayRequest(this.target, 'acquire', '/lock/lock', {
      name: base64(this.lockName),
      lease,
    });
    const { body } = await send(acquire);
    // The key consists of the name and the lease, so it is the same every time.
    const key = /"key":"([^"]+)"/.exec(body)?.[1] ?? '';
    const release = gatewayRequest(this.target, 'release', '/lock/unlock', { key });
    await send(release);
    return [acquire, release];
  }
}

class TransactionClient extends UnderLease {
  protected override async requests(send: Send): Promise<[Request, Request]> {
    const lease = await grantLease(this.target, send);
    const [key, value] = [base64(this.lockName), base64(lease)];
    const acquire = {
      compare: [{ key, target: 'CREATE', create_revision: '0' }],
      success: [{ request_put: { key, value, lease } }],
    };
    const release = {
      compare: [{ key, target: 'VALUE', value }],
      success: [{ request_delete_range: { key } }],
    };
    return [
      gatewayRequest(this.target, 'acquire', '/kv/txn', acquire, complaintAboutTransaction),
      gatewayRequest(this.target, 'release', '/kv/txn', release, complaintAboutTransaction),
    ];
  }
}

function complaintAboutTransaction(reply: Reply): string | null {
  return complaintAboutStatus(reply) ?? (reply.body.includes('"succeeded":true') ? null : 'not succeeded');
}

export const etcdLock: Workload = {
  name: 'etcd-lock',
  about: '/v3/lock/lock and /v3/lock/unlock, under a lease granted beforehand',
  begin:
    ({ target, run }) =>
    (client) =>
      new LockApiClient(target, `bench/${run}/${client}`),
};

export const etcdTransaction: Workload = {
  name: 'etcd-txn',
  about: '/v3/kv/txn: put under a lease if the key does not exist, delete it if it is still ours',
  begin:
    ({ target, run }) =>
    (client) =>
      new TransactionClient(target, `bench/${run}/${client}`),
};
