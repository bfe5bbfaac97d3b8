import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  type McpHttpHandler,
  type McpRequestContext,
  type McpServer,
} from '@modelcontextprotocol/server';
import { CLAIMS_URI, mcpServerFor } from '../mcp-server.js';
import type { Toolbox } from '../tools/toolbox.js';
import { hashOf, type Agents } from './agents.js';
import { headerOf, refuse } from './replies.js';

interface NamedAgentsOptions extends Omit<Toolbox, 'agent'> {
  readonly agents: Agents;
  readonly version: string;
}

/**
 * Clients whose protocol has no sessions (revision 2026-07-28 and later). They name their agent in the header `OctoStore-Agent`, and
 * it ends when it is idle.
 */
export class NamedAgents {
  readonly #options: NamedAgentsOptions;
  readonly #handler: McpHttpHandler;
  readonly #handle: ReturnType<typeof toNodeHandler>;

  constructor(options: NamedAgentsOptions) {
    this.#options = options;
    this.#handler = createMcpHandler((context) => this.#serverFor(context), { legacy: 'reject' });
    this.#handle = toNodeHandler(this.#handler);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    { token, body }: { readonly token: string; readonly body: unknown },
  ): Promise<void> {
    const name = headerOf(request, 'octostore-agent');
    if (name === undefined) {
      return refuse(
        response,
        400,
        'Name your agent in the header OctoStore-Agent, each agent differently, or use a revision of the protocol before 2026-07-28.',
      );
    }
    const { agents } = this.#options;
    const key = `${hashOf(token)} ${name}`;
    const present = agents.find(key, token) ?? (await agents.open(key, token, () => name));
    present.agent.onNotice(() => this.#handler.notify.resourceUpdated(CLAIMS_URI));
    present.during(response);
    const auth = { token, clientId: key, scopes: [] };
    await this.#handle(Object.assign(request, { auth }), response, body);
  }

  close(): Promise<void> {
    return this.#handler.close();
  }

  #serverFor({ authInfo }: McpRequestContext): McpServer {
    const { agents, version, ...toolbox } = this.#options;
    const present = authInfo === undefined ? undefined : agents.find(authInfo.clientId, authInfo.token);
    if (present === undefined) throw new Error('The agent has gone.');
    return mcpServerFor({ agent: present.agent, ...toolbox }, version);
  }
}
