import { LockHeldError, NotFoundError } from '@octostore/client';
import { z } from 'zod';
import { AgentGone, OtherModeError } from '../agent/agent.js';
import { UnusablePath } from '../agent/workspace.js';
import { explain, rootOf } from '../../failure.js';
import { failureSentence } from '../../failure-sentence.js';
import { describeLock } from './described-lock.js';
import type { Answer } from './results.js';
import type { Toolbox } from './toolbox.js';

/** What a model learns of a call that failed. */
export const PROBLEM = z.object({ code: z.string(), message: z.string() });

/** The answer to a call that failed: what has happened, and what to do. */
export async function problemOf(thrown: unknown, toolbox: Toolbox): Promise<Answer> {
  const error = rootOf(thrown);
  if (error instanceof LockHeldError) return refusalOf(error, toolbox);
  const code = codeOf(error);
  const message = failureSentence(explain(error), error, () => toolbox.urls);
  return { text: `ERROR (${code}): ${message}`, data: { problem: { code, message } }, isError: true };
}

/** Who has it, since when, when it is likely to be free, and what to do. */
async function refusalOf(refused: LockHeldError, { agent }: Toolbox): Promise<Answer> {
  // The refusal stands, whether or not the lock can be explained.
  const lock = await describeLock(agent.client, refused.lock).catch(() => null);
  const { text, data } = lock ?? { text: refused.message, data: undefined };
  const next =
    'Do not edit it. Work on something else, call claim again with wait_seconds to wait in line, or call ask_for_release.';
  return {
    text: `NOT CLAIMED, none of it. ${text} ${next}`,
    data: {
      problem: { code: refused.code ?? 'lock_held', message: refused.message },
      ...(data === undefined ? {} : { held: data }),
      next,
    },
    isError: true,
  };
}

function codeOf(error: unknown): string {
  if (error instanceof UnusablePath) return 'unusable_path';
  if (error instanceof OtherModeError) return 'other_mode';
  if (error instanceof AgentGone) return 'cancelled';
  const { code, type } = explain(error);
  return code ?? (error instanceof NotFoundError ? 'not_found' : (type ?? 'unexpected'));
}
