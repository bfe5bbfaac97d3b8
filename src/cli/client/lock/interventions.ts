import type { Break } from '@octostore/client';
import { printable, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

export interface RequestReleaseOptions extends ClientOptions {
  readonly message?: string;
}

/** `octostore lock request-release NAME`. */
export async function requestRelease(
  name: string,
  options: RequestReleaseOptions,
  output: Output,
): Promise<void> {
  await connect(options).requestRelease(name, { message: options.message });
  output.show({ status: 'release_requested', name }, () => printable(`asked for the release of ${name}`));
}

export interface BreakOptions extends ClientOptions {
  readonly reason: string;
  /** The fencing token of the lease to end. */
  readonly token?: number;
}

/** `octostore lock break NAME`. */
export async function breakLock(name: string, options: BreakOptions, output: Output): Promise<void> {
  const { reason, token: fencingToken } = options;
  const broken = await connect(options).breakLock(name, { reason, fencingToken });
  output.show({ status: 'broken', name, ...broken }, () => printable(sentenceOf(name, broken)));
}

/** Such as `broke 1 lease of a, fencing token 42`. */
function sentenceOf(name: string, { leaseCount, fencingTokens, endedDelay }: Break): string {
  if (leaseCount === 0 && endedDelay) return `ended the delay of ${name}`;
  const tokens = `${fencingTokens.join(', ')}${leaseCount > fencingTokens.length ? ', ...' : ''}`;
  if (leaseCount === 1) return `broke 1 lease of ${name}, fencing token ${tokens}`;
  return `broke ${leaseCount} leases of ${name}, fencing tokens ${tokens}`;
}
