import { ValidationError } from '@octostore/client';
import { z } from 'zod';
import type { Workspace } from '../agent/workspace.js';

/** The server allows as many locks under one lease. */
const NAMES_MAX = 32;

/** What a call is about. */
export const TARGETS = {
  paths: z
    .array(z.string().min(1).max(4096))
    .max(NAMES_MAX)
    .optional()
    .describe('Files or folders, relative to the root of the workspace, such as "src/app.ts".'),
  names: z
    .array(z.string().min(1).max(256))
    .max(NAMES_MAX)
    .optional()
    .describe('Names of locks for things that are not files, such as "deploy/staging". Used as they are.'),
};

/** How long a claim is kept. */
export const KEEP_MINUTES = z
  .number()
  .int()
  .min(1)
  .max(480)
  .default(30)
  .describe('Minutes after which the claim is released unless you call keep. Use what the work takes.');

interface Targets {
  readonly paths?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
}

/** The names of the locks, each once. Throws `UnusablePath`, or `ValidationError` if there are too few or too many. */
export function namesIn(targets: Targets, workspace: Workspace): readonly string[] {
  const names = optionalNamesIn(targets, workspace);
  if (names.length === 0) throw new ValidationError('Give at least one of "paths" or "names".');
  return names;
}

/** The same, where no name means all claims. */
export function optionalNamesIn(
  { paths = [], names = [] }: Targets,
  workspace: Workspace,
): readonly string[] {
  const all = [...new Set([...paths.map((path) => workspace.lockOf(path)), ...names])];
  if (all.length <= NAMES_MAX) return all;
  throw new ValidationError(`Give at most ${NAMES_MAX} paths and names in one call.`);
}
