import { CLIENT_INFO_META_KEY, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { answering } from './answering.js';
import type { Claim } from '../agent/claim.js';
import { describeLock, DESCRIBED_LOCK } from './described-lock.js';
import { KEEP_MINUTES, namesIn, TARGETS } from './input.js';
import { PROBLEM } from './problem.js';
import { CLAIM, claimData, claimText, resultSchema } from './results.js';
import type { Toolbox } from './toolbox.js';
import { tellProgress } from './progress.js';

/** Most clients end a call that takes longer than a minute and shows no progress. */
const WAIT_SECONDS_MAX = 300;

/** The characters that leave room for the agent's label in the metadata of a lease, whatever they are. */
const PURPOSE_LENGTH_MAX = 200;

const INPUT = z.object({
  ...TARGETS,
  purpose: z
    .string()
    .min(1)
    .max(PURPOSE_LENGTH_MAX)
    .describe('What you are going to do, for the other agents and people. One short sentence.'),
  mode: z
    .enum(['exclusive', 'shared'])
    .default('exclusive')
    .describe(
      '"exclusive" to edit. "shared" to read what must not change meanwhile: others may read too, and no one may edit.',
    ),
  wait_seconds: z
    .number()
    .min(0)
    .max(WAIT_SECONDS_MAX)
    .default(0)
    .describe(
      'How long to wait in line if someone else has it. You get it in order of arrival. 0 answers at once. Above 50, your client may give up first.',
    ),
  keep_minutes: KEEP_MINUTES,
});

/** `claim`. */
export function addClaimTool(server: McpServer, toolbox: Toolbox): void {
  const { agent, workspace } = toolbox;
  server.registerTool(
    'claim',
    {
      title: 'Claim files before you edit them',
      description: [
        'Claim files, folders or named things before you edit them, so that no other agent or person does at the same time, on any machine.',
        'You get all that you name in one call, or nothing, so name everything that you are going to edit at once: then agents cannot block each other.',
        'If someone else has one of them, the result says who, since when and why. Then do not edit it.',
        'A claim covers exactly its name: the claim of a folder does not cover the files in it unless all agents claim the folder.',
        'Your claims are renewed in the background and end when you release them, when keep_minutes are over, or when you exit.',
      ].join(' '),
      inputSchema: INPUT,
      outputSchema: resultSchema({
        claims: z.array(CLAIM).optional(),
        problem: PROBLEM.optional(),
        held: DESCRIBED_LOCK.optional(),
        next: z.string().optional(),
      }),
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    answering(toolbox, async (input: z.infer<typeof INPUT>, context) => {
      const names = namesIn(input, workspace);
      const claims = await whileTelling(context, names, () =>
        agent.claim({
          names,
          mode: input.mode,
          purpose: input.purpose,
          program: programOf(server, context),
          waitSeconds: input.wait_seconds,
          keepSeconds: input.keep_minutes * 60,
          signal: context.mcpReq.signal,
        }),
      );
      return {
        text: `CLAIMED: ${claims.map(claimText).join('; ')}. Release it as soon as you are done.`,
        data: { claims: claims.map(claimData) },
      };
    }),
  );
}

/** `who_has`. */
export function addWhoHasTool(server: McpServer, toolbox: Toolbox): void {
  const input = z.object(TARGETS);
  server.registerTool(
    'who_has',
    {
      title: 'See who has claimed something',
      description:
        'Shows who holds each path or name, since when, why, how many wait, and when it is likely to be free. Changes nothing. To edit something, do not look first: claim it.',
      inputSchema: input,
      outputSchema: resultSchema({ locks: z.array(DESCRIBED_LOCK).optional(), problem: PROBLEM.optional() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    answering(toolbox, async (targets: z.infer<typeof input>) => {
      const names = namesIn(targets, toolbox.workspace);
      const locks = await Promise.all(names.map((name) => describeLock(toolbox.agent.client, name)));
      return {
        text: locks.map(({ text }) => text).join('\n'),
        data: { locks: locks.map(({ data }) => data) },
      };
    }),
  );
}

/** What a request says about the client, in revisions of the protocol without a handshake. The SDK has no type for it. */
interface Envelope {
  readonly [CLIENT_INFO_META_KEY]?: { readonly name?: string };
}

/** The name of the client's program. Each request says it, or the handshake did. */
function programOf({ server }: McpServer, { mcpReq }: ServerContext): string {
  const envelope: Envelope = mcpReq.envelope ?? {};
  return envelope[CLIENT_INFO_META_KEY]?.name ?? server.getClientVersion()?.name ?? 'agent';
}

async function whileTelling(
  context: ServerContext,
  names: readonly string[],
  claim: () => Promise<readonly Claim[]>,
): Promise<readonly Claim[]> {
  const stop = tellProgress(context, `waiting in line for ${names.join(', ')}`);
  try {
    return await claim();
  } finally {
    stop();
  }
}
