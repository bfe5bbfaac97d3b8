import { expect } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import type { Suite } from '../suite.js';

export const CAROL = 'token-of-carol-00003';
export const DAVE = 'token-of-dave-000004';
export const ERIN = 'token-of-erin-000005';

/** Applies a policy, whatever is in force, and expects it to be valid. */
export async function applyPolicy({ operator }: Suite, text: string): Promise<Reply> {
  const reply = await operator.call('PUT', '/admin/policy', { body: { text }, headers: { 'if-match': '*' } });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply;
}

export async function removePolicy({ operator }: Suite): Promise<void> {
  const reply = await operator.call('DELETE', '/admin/policy', { headers: { 'if-match': '*' } });
  expect(reply.status).toBe(200);
}

/** A policy that lets Alice do everything, and other users what these grants say. */
export function policyText(...grants: readonly { to: string; may: string; on: readonly string[] }[]): string {
  const alice = { to: ['static:alice'], may: ['acquire', 'administer'], on: ['*'] };
  return JSON.stringify({
    grants: [alice, ...grants.map(({ to, may, on }) => ({ to: [to], may: [may], on }))],
  });
}
