import type { McpServer } from '@modelcontextprotocol/server';
import { NotFoundError } from '@octostore/client';
import { z } from 'zod';
import { answering } from './answering.js';
import type { Claim } from '../agent/claim.js';
import { KEEP_MINUTES, namesIn, optionalNamesIn, TARGETS } from './input.js';
import { PROBLEM } from './problem.js';
import { CLAIM, claimData, claimText, resultSchema, type Answer } from './results.js';
import type { Toolbox } from './toolbox.js';

const CLAIMS = resultSchema({ claims: z.array(CLAIM).optional(), problem: PROBLEM.optional() });

/** `release`. */
export function addReleaseTool(server: McpServer, toolbox: Toolbox): void {
  const input = z.object(TARGETS);
  server.registerTool(
    'release',
    {
      title: 'Release what you have claimed',
      description:
        'Releases your claims of these paths and names, or all of them if you give none. A claim of several is released as a whole. Call it as soon as your edit is saved and, where it applies, pushed.',
      inputSchema: input,
      outputSchema: resultSchema({ released: z.array(z.string()).optional(), problem: PROBLEM.optional() }),
      annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    answering(toolbox, async (targets: z.infer<typeof input>) => {
      const released = await releaseAll(toolbox, claimsOf(toolbox, targets));
      const text = released.length === 0 ? 'You have no claims.' : `RELEASED: ${released.join(', ')}.`;
      return { text, data: { released } };
    }),
  );
}

/** `keep`. */
export function addKeepTool(server: McpServer, toolbox: Toolbox): void {
  const input = z.object({ ...TARGETS, keep_minutes: KEEP_MINUTES });
  server.registerTool(
    'keep',
    {
      title: 'Keep your claims for longer',
      description:
        'Renews your claims of these paths and names, or all of them if you give none, so that they last keep_minutes from now. Call it if the work takes longer than you thought.',
      inputSchema: input,
      outputSchema: CLAIMS,
      annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    answering(toolbox, async ({ keep_minutes, ...targets }: z.infer<typeof input>) => {
      const claims = claimsOf(toolbox, targets);
      for (const claim of claims) claim.keepFor(keep_minutes * 60);
      return listing('KEPT', claims);
    }),
  );
}

/** `check`. */
export function addCheckTool(server: McpServer, toolbox: Toolbox): void {
  const input = z.object(TARGETS);
  server.registerTool(
    'check',
    {
      title: 'Check that you still hold a claim',
      description:
        'Says whether your claims of these paths and names are still valid, with their fencing tokens. Call it before you commit, push or deploy after a long pause. It fails if you do not hold one of them.',
      inputSchema: input,
      outputSchema: CLAIMS,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    answering(toolbox, async (targets: z.infer<typeof input>) =>
      listing('VALID', namedClaims(toolbox, namesIn(targets, toolbox.workspace))),
    ),
  );
}

/** `my_claims`. */
export function addMyClaimsTool(server: McpServer, toolbox: Toolbox): void {
  server.registerTool(
    'my_claims',
    {
      title: 'List your claims',
      description:
        'Lists what you hold now, which of it others ask you to release, and what you have lost since your last call.',
      inputSchema: z.object({}),
      outputSchema: CLAIMS,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    answering(toolbox, async () => listing('YOU HOLD', toolbox.agent.claims)),
  );
}

function listing(verb: string, claims: readonly Claim[]): Answer {
  const text = claims.length === 0 ? 'You have no claims.' : `${verb}: ${claims.map(claimText).join('; ')}.`;
  return { text, data: { claims: claims.map(claimData) } };
}

/** The claims of these names, or all if there are none. */
function claimsOf(toolbox: Toolbox, targets: Parameters<typeof namesIn>[0]): readonly Claim[] {
  const names = optionalNamesIn(targets, toolbox.workspace);
  return names.length === 0 ? toolbox.agent.claims : namedClaims(toolbox, names);
}

/** Each claim once. Throws `NotFoundError` if the agent does not hold one of the names. */
function namedClaims({ agent }: Toolbox, names: readonly string[]): readonly Claim[] {
  const strange = names.filter((name) => agent.claimOf(name) === undefined);
  if (strange.length > 0) {
    throw new NotFoundError(
      `You do not hold ${strange.join(', ')}. Call my_claims to see what you hold, or claim it first.`,
    );
  }
  return agent.claims.filter((claim) => names.some((name) => claim.has(name)));
}

async function releaseAll({ agent }: Toolbox, claims: readonly Claim[]): Promise<readonly string[]> {
  await Promise.all(claims.map((claim) => agent.release(claim)));
  return claims.flatMap(({ names }) => names);
}
