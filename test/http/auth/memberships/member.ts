import { expect } from 'vitest';
import { MembershipRechecks } from '../../../../src/auth/memberships/membership-rechecks.js';
import type { ManualClock } from '../../../support/manual-clock.js';
import type { TestServer } from '../../../support/server.js';
import { ADMIN_KEY } from '../../../support/server.js';

export const HOUR_MS = 3_600_000;

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Someone who has signed in, as a client of the server. */
export class Member {
  constructor(
    private readonly server: TestServer,
    readonly token: string,
  ) {}

  async send(method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Reply['body']) };
  }

  async groups(): Promise<unknown> {
    return (await this.send('GET', '/me')).body['groups'];
  }

  acquire(lock: string, waitSeconds = 0): Promise<Reply> {
    return this.send('POST', `/locks/${lock}/acquire`, { ttl_seconds: 60, wait_seconds: waitSeconds });
  }
}

/** Puts a policy in force that grants each pattern to a subject. */
export async function grant(server: TestServer, grants: Record<string, string>): Promise<void> {
  const lines = Object.entries(grants).map(
    ([subject, pattern]) => `  - {to: ['${subject}'], may: [acquire], on: ['${pattern}']}`,
  );
  const response = await fetch(`${server.url}/admin/policy`, {
    method: 'PUT',
    headers: { 'x-admin-key': ADMIN_KEY, 'if-match': '*', 'content-type': 'application/json' },
    body: JSON.stringify({ text: ['grants:', ...lines, ''].join('\n') }),
  });
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 });
}

/** Lets hours pass, and then asks the providers about the accounts that are due. */
export async function recheckAfter(hours: number, server: TestServer, clock: ManualClock): Promise<void> {
  clock.advance(hours * HOUR_MS);
  await server.app.get(MembershipRechecks).run();
}
