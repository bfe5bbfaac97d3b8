import { findOrder } from '../../lab/kit/history/find-order.js';
import { LeaseModel } from '../../lab/kit/history/lease-model.js';
import type { LockOutcome, LockRequest, Operation } from '../../lab/kit/history/operation.js';
import { Outages } from '../../lab/kit/history/outages.js';
import type { SessionFacts } from '../../lab/kit/history/session-facts.js';

export const TTL_MS = 1000;

export const asking = (tag: string, session: SessionFacts | null = null): LockRequest => ({
  kind: 'acquire',
  tag,
  ttlMs: TTL_MS,
  mayWait: false,
  session,
});

export const op = (
  callMs: number,
  returnMs: number,
  request: LockRequest,
  outcome: LockOutcome,
): Operation => ({
  request,
  outcome,
  callMs,
  returnMs,
});

export const granted = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, asking(tag), { kind: 'granted', token });

export const readerGranted = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { ...asking(tag), mode: 'shared' } as LockRequest, { kind: 'granted', token });

export const conflict = (tag: string, heldBy: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, asking(tag), { kind: 'conflict', tag: heldBy });

export const released = (tag: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'release', tag }, { kind: 'released' });

export const renewed = (tag: string, token: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'renew', tag, ttlMs: TTL_MS }, { kind: 'renewed', token });

export const gone = (tag: string, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'renew', tag, ttlMs: TTL_MS }, { kind: 'gone' });

export const seen = (
  tag: string,
  token: number,
  callMs: number,
  returnMs: number,
  endMs?: number,
): Operation => {
  const end = endMs === undefined ? {} : { end: { fromMs: endMs - 5, byMs: endMs + 5 } };
  return op(callMs, returnMs, { kind: 'status' }, { kind: 'held', tag, token, isOwn: false, ...end });
};

export const free = (highestToken: number, callMs: number, returnMs: number): Operation =>
  op(callMs, returnMs, { kind: 'status' }, { kind: 'free', highestToken });

export const lost = (request: LockRequest, callMs: number, noLaterThanMs = Infinity): Operation =>
  op(callMs, Infinity, request, { kind: 'unknown', noLaterThanMs });

/** Whether the search finds an order of these operations. */
export function verdict(operations: Operation[], outages = new Outages(10_000)): string {
  return findOrder(operations, new LeaseModel(outages)).kind;
}

export const converted = (
  tag: string,
  mode: 'exclusive' | 'shared',
  token: number,
  callMs: number,
): Operation => op(callMs, callMs + 5, { kind: 'convert', tag, mode }, { kind: 'converted', token });

export const broken = (tokens: number[], callMs: number): Operation =>
  op(callMs, callMs + 5, { kind: 'break' }, { kind: 'broken', tokens });
