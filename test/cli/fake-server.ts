import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { nowMs, pause } from '../../src/process/time.js';

const LEASE = {
  status: 'acquired',
  lease_id: '550e8400-e29b-41d4-a716-446655440000',
  name: 'slow',
  fencing_token: 1,
  expires_at: '2026-01-01T12:00:00.000Z',
  holder: 'alice',
  holder_id: '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69',
  metadata: null,
};

/** How long the answer to the renewal takes, in milliseconds. A client waits only a little longer. */
const ANSWER_AFTER_MS = 800;

/** Grants a lock and renews it once, with a late answer. After that it never answers. */
export class FakeServer {
  /** When it was last asked for the lease or its renewal, and gave it. */
  leasedAtMs = 0;
  isRenewed = false;

  private constructor(readonly url: string) {}

  static async start(): Promise<FakeServer> {
    const server = createServer((request, response) => void fake.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return fake;
  }

  async #answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const isAcquire = url.endsWith('/acquire');
    if (!isAcquire && (!url.endsWith('/renew') || this.isRenewed)) return;
    this.leasedAtMs = nowMs();
    if (isAcquire) return void response.end(JSON.stringify(LEASE));
    this.isRenewed = true;
    await pause(ANSWER_AFTER_MS);
    response.end(JSON.stringify({ ...LEASE, status: 'held' }));
  }
}
