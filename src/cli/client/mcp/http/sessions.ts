import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import type { AgentOptions } from '../agent/agent.js';
import { mcpServerFor, notify } from '../mcp-server.js';
import type { Toolbox } from '../tools/toolbox.js';
import type { Agents } from './agents.js';
import { headerOf, refuse } from './replies.js';

interface SessionsOptions extends Omit<Toolbox, 'agent'> {
  readonly agents: Agents;
  readonly version: string;
}

/** Clients that open a session of the protocol (revisions before 2026-07-28). Their agent ends with the session. */
export class Sessions {
  readonly #transports = new Map<string, NodeStreamableHTTPServerTransport>();

  constructor(private readonly options: SessionsOptions) {}

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    { token, body }: { readonly token: string; readonly body: unknown },
  ): Promise<void> {
    const id = headerOf(request, 'mcp-session-id');
    if (id === undefined && isInitializeRequest(body)) {
      const name = headerOf(request, 'octostore-agent');
      return this.#open(request, response, { token, body, label: (program) => name ?? program });
    }
    if (id === undefined) return refuse(response, 400, 'Begin with an initialize request.');
    const [present, transport] = [this.options.agents.find(id, token), this.#transports.get(id)];
    if (present === undefined || transport === undefined)
      return refuse(
        response,
        404,
        'There is no such session. It may have ended because it was idle. Begin again.',
      );
    present.during(response);
    await transport.handleRequest(request, response, body);
  }

  async #open(
    request: IncomingMessage,
    response: ServerResponse,
    {
      token,
      body,
      label,
    }: { readonly token: string; readonly body: unknown; readonly label: AgentOptions['label'] },
  ): Promise<void> {
    const { agents, version, ...toolbox } = this.options;
    const id = randomUUID();
    const present = await agents.open(id, token, label);
    present.during(response);
    const { agent } = present;
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: () => agents.end(id),
    });
    const server = mcpServerFor({ agent, ...toolbox }, version);
    this.#transports.set(id, transport);
    present.gone.addEventListener('abort', () => this.#close(id, transport), { once: true });
    agent.onNotice((notice) => void notify(server, notice));
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  #close(id: string, transport: NodeStreamableHTTPServerTransport): void {
    this.#transports.delete(id);
    void transport.close();
  }
}
