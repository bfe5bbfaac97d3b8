import { McpServer } from '@modelcontextprotocol/server';
import type { Agent } from './agent/agent.js';
import type { Notice } from './agent/claim.js';
import { addAskTool } from './tools/ask-tool.js';
import { addClaimTool, addWhoHasTool } from './tools/claim-tools.js';
import { addCheckTool, addKeepTool, addMyClaimsTool, addReleaseTool } from './tools/own-claim-tools.js';
import { claimData, noticesData } from './tools/results.js';
import type { Toolbox } from './tools/toolbox.js';

/** The claims of the agent, as a resource that changes when someone asks for one, or when one is lost. */
export const CLAIMS_URI = 'octostore://claims';

const INSTRUCTIONS = [
  'OctoStore keeps agents and people on different machines from editing the same thing at the same time.',
  'Before you edit files, call claim with all of them. If it refuses, do not edit them.',
  'Release your claims as soon as you are done.',
  'If a result has release_requests, finish soon and release, or go on if you must.',
  'If a result has lost, stop editing these files and claim them again.',
].join(' ');

/** The tools of one agent, for one connection. */
export function mcpServerFor(toolbox: Toolbox, version: string): McpServer {
  const server = new McpServer(
    { name: 'octostore', title: 'OctoStore', version },
    { capabilities: { tools: {}, logging: {}, resources: { subscribe: true } }, instructions: INSTRUCTIONS },
  );
  addClaimTool(server, toolbox);
  addReleaseTool(server, toolbox);
  addKeepTool(server, toolbox);
  addCheckTool(server, toolbox);
  addWhoHasTool(server, toolbox);
  addMyClaimsTool(server, toolbox);
  addAskTool(server, toolbox);
  addClaimsResource(server, toolbox.agent);
  // Every client receives every change, so there is nothing to store.
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
  return server;
}

/** Tells a client of something that the agent should know. It may not care: the agent learns of it with its next call, too. */
export async function notify(server: McpServer, notice: Notice): Promise<void> {
  await Promise.allSettled([
    server.server.sendLoggingMessage({ level: 'warning', logger: 'octostore', data: dataOf(notice) }),
    server.server.sendResourceUpdated({ uri: CLAIMS_URI }),
  ]);
}

function dataOf(notice: Notice): Record<string, unknown> {
  if (notice.kind === 'lost') return { ...notice };
  const { by, message, at } = notice.request;
  return { kind: notice.kind, names: notice.names, by, message, at: at.toISOString() };
}

function addClaimsResource(server: McpServer, agent: Agent): void {
  server.registerResource(
    'claims',
    CLAIMS_URI,
    {
      title: 'Your claims',
      description:
        'What you hold, and who asks you to release it. It changes when someone asks, or when you lose a claim.',
      mimeType: 'application/json',
    },
    (uri) => {
      const claims = agent.claims.map(claimData);
      const text = JSON.stringify({ claims, ...noticesData(agent.releaseRequests, agent.losses) });
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text }] };
    },
  );
}
