import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { answering } from './answering.js';
import { namesIn, TARGETS } from './input.js';
import { PROBLEM } from './problem.js';
import { resultSchema } from './results.js';
import type { Toolbox } from './toolbox.js';

/** The most that the server takes is 256 bytes. */
const MESSAGE_LENGTH_MAX = 200;

const INPUT = z.object({
  ...TARGETS,
  message: z
    .string()
    .min(1)
    .max(MESSAGE_LENGTH_MAX)
    .describe(
      'Why you need it and how urgent it is, for the agent or person that has it. One short sentence.',
    ),
});

/** `ask_for_release`. */
export function addAskTool(server: McpServer, toolbox: Toolbox): void {
  const { agent, workspace } = toolbox;
  server.registerTool(
    'ask_for_release',
    {
      title: 'Ask someone to release their claim',
      description:
        'Asks the holders of paths or names to release them. They see your message with their next call and decide. Call claim with wait_seconds afterwards to be next in line. Ask once, not again and again.',
      inputSchema: INPUT,
      outputSchema: resultSchema({ asked: z.array(z.string()).optional(), problem: PROBLEM.optional() }),
      annotations: { destructiveHint: false, openWorldHint: false },
    },
    answering(toolbox, async ({ message, ...targets }: z.infer<typeof INPUT>) => {
      const asked = namesIn(targets, workspace);
      for (const name of asked) await agent.client.requestRelease(name, { message });
      return {
        text: `ASKED for ${asked.join(', ')}. The holder decides. To be next in line, call claim with wait_seconds.`,
        data: { asked },
      };
    }),
  );
}
