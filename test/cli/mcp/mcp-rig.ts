import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { MAIN } from '../../support/process.js';
import { testFolder } from '../../support/temp-folder.js';

/** The shortest TTL of a session, so that the claims of a killed agent end soon. */
export const TTL_SECONDS = 10;

/** The revisions of the protocol: with sessions, and without. */
export type Era = 'legacy' | 'auto';

/** What a tool has answered. */
export interface Said {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An agent that uses the tools through the client of the protocol's own SDK. */
export class TestAgent {
  private constructor(
    readonly client: Client,
    /** The process of the server, if it has one of its own. */
    readonly pid: number | null,
  ) {}

  /** An agent that starts its own server, as agent programs do. */
  static async onStdio(
    url: string,
    token: string,
    { name = 'test-agent', era = 'legacy', args = [] }: { name?: string; era?: Era; args?: string[] } = {},
  ): Promise<TestAgent> {
    const folder = testFolder();
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, 'mcp', '--workspace', 'shop', '--ttl', `${TTL_SECONDS}s`, ...args],
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, OCTOSTORE_BASE_URL: url, OCTOSTORE_TOKEN: token },
      cwd: folder,
    });
    const client = newClient(name, era);
    onTestFinished(() => client.close());
    await client.connect(transport);
    return new TestAgent(client, transport.pid);
  }

  /** An agent that shares a server with others. */
  static async overHttp(
    url: string,
    token: string,
    {
      name = 'test-agent',
      era = 'legacy',
      headers = {},
    }: { name?: string; era?: Era; headers?: Record<string, string> } = {},
  ): Promise<TestAgent & { readonly transport: StreamableHTTPClientTransport }> {
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { Authorization: `Bearer ${token}`, ...headers } },
    });
    const client = newClient(name, era);
    onTestFinished(() => client.close());
    await client.connect(transport);
    return Object.assign(new TestAgent(client, null), { transport });
  }

  /** Calls a tool. */
  async says(name: string, input: Record<string, unknown> = {}): Promise<Said> {
    return saidIn(await this.client.callTool({ name, arguments: input }));
  }
}

function newClient(name: string, era: Era): Client {
  return new Client({ name, version: '1.0.0' }, { versionNegotiation: { mode: era } });
}

function saidIn({ isError = false, content, structuredContent }: CallToolResult): Said {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { isError, text, data: (structuredContent ?? {}) as Said['data'] };
}
