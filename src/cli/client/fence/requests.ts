import type { Fence } from '@octostore/client';
import { EXIT } from '../../shared/exit-codes.js';
import { fields, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';

/** `octostore fence advance NAME [TOKEN]`. */
export async function advance(
  name: string,
  token: string | undefined,
  options: ClientOptions,
  output: Output,
): Promise<void> {
  showFence(await connect(options).fences.advance(name, tokenOf(token)), output);
}

/** `octostore fence check NAME [TOKEN]`. */
export async function check(
  name: string,
  token: string | undefined,
  options: ClientOptions,
  output: Output,
): Promise<void> {
  showFence(await connect(options).fences.check(name, tokenOf(token)), output);
}

/** `octostore fence show NAME`. */
export async function show(name: string, options: ClientOptions, output: Output): Promise<void> {
  showFence(await connect(options).fences.get(name), output);
}

function showFence(fence: Fence, output: Output): void {
  output.show(fence, () => fields({ fence: fence.name, 'highest fencing token': fence.highest }));
}

/** The default is `OCTOSTORE_FENCING_TOKEN`, which `lock run` sets. */
function tokenOf(text = process.env['OCTOSTORE_FENCING_TOKEN'] ?? ''): number {
  if (/^\d+$/.test(text)) return Number(text);
  const problem = text === '' ? 'There is no fencing token' : 'The fencing token is not a whole number';
  throw new CommandFailure(`${problem}. Give it as TOKEN or OCTOSTORE_FENCING_TOKEN.`, EXIT.usage);
}
