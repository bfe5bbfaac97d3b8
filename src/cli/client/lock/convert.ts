import { LockHeldError, type ConvertibleMode } from '@octostore/client';
import { EXIT } from '../../shared/exit-codes.js';
import type { Output } from '../../shared/output.js';
import { connect } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';
import { describe } from './describe.js';
import { failIfLost, leaseIdOf, type LeaseOptions } from './own-lease.js';

export interface ConvertOptions extends LeaseOptions {
  readonly mode: ConvertibleMode;
}

/** `octostore lock convert NAME`. */
export async function convert(name: string, options: ConvertOptions, output: Output): Promise<void> {
  const request = connect(options).convert(name, leaseIdOf(options), options.mode);
  const lease = await failIfLost(name, request).catch((error: unknown) => {
    throw error instanceof LockHeldError ? notConverted(error) : error;
  });
  output.show(lease, () => describe(lease));
}

function notConverted(error: LockHeldError): CommandFailure {
  const { lock, holder, expiresAt } = error;
  const sentence = `${holder ?? 'Someone else'} holds ${lock} too, until ${expiresAt.toISOString()}, unless it is renewed or released. You still share it. Try again later.`;
  return new CommandFailure(sentence, EXIT.notAcquired, { cause: error });
}
