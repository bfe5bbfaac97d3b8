import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpServer } from '@modelcontextprotocol/server';
import { checkedBaseUrls, OctoStoreClient } from '@octostore/client';
import { within } from '../../../process/time.js';
import { EXIT } from '../../shared/exit-codes.js';
import { printError } from '../action.js';
import { clientWith } from '../connection/access.js';
import { accessOf, serverUrls, timeoutsOf, type ConnectionOptions } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';
import { Waiting } from '../run/waiting.js';
import { Agent } from './agent/agent.js';
import { UnusablePath, Workspace } from './agent/workspace.js';
import { listenForAgents } from './http/listen-for-agents.js';
import { mcpServerFor, notify } from './mcp-server.js';

export interface McpOptions extends ConnectionOptions {
  readonly ttl: number;
  readonly workspace: string;
  readonly root?: string;
  readonly agent?: string;
  readonly http?: string;
  readonly allowHost?: string;
  readonly idle: number;
}

/** How long ending the claims may take when the agent ends. What takes longer expires. */
const LAST_REQUESTS_MS = 2000;

/** Serves one agent on standard input and output, or many over HTTP, until it is told to end. Returns the exit code. */
export async function serveMcp(options: McpOptions, version: string): Promise<number> {
  checkWorkspace(options.workspace);
  const waiting = new Waiting();
  await (options.http === undefined
    ? serveOne(options, version, waiting)
    : serveMany({ ...options, http: options.http }, version, waiting));
  return EXIT.ok;
}

/** One agent started this process, so it ends with the agent. */
async function serveOne(options: McpOptions, version: string, waiting: Waiting): Promise<void> {
  let server: McpServer | undefined;
  const label = (program: string): string => options.agent ?? `${program} on ${hostname()}`;
  const access = accessOf(options);
  const agent = new Agent({ client: clientWith(access), label, ttlSeconds: options.ttl });
  agent.onNotice((notice) => {
    if (server !== undefined) void notify(server, notice);
  });
  const workspace = new Workspace(options.workspace, resolve(options.root ?? '.'));
  const toolbox = { agent, workspace, urls: access.baseUrl };
  for (const event of ['end', 'close']) process.stdin.once(event, () => waiting.stop());
  const connection = serveStdio(() => (server = mcpServerFor(toolbox, version)), {
    onerror: ({ message }) => printError(message),
  });
  await ended(waiting.signal);
  await within(LAST_REQUESTS_MS, Promise.all([connection.close(), agent.close()]));
}

async function serveMany(
  { http, allowHost = '', ...options }: McpOptions & { readonly http: string },
  version: string,
  waiting: Waiting,
): Promise<void> {
  const urls = checkedBaseUrls(serverUrls(options));
  const listener = await listenForAgents({
    address: http,
    hosts: allowHost.split(',').filter((name) => name !== ''),
    idleMs: options.idle * 1000,
    ttlSeconds: options.ttl,
    urls,
    version,
    workspace: new Workspace(options.workspace, null),
    // Each caller brings its own token, so this process has none that a caller could use.
    clientFor: (token) => new OctoStoreClient({ baseUrl: urls, token, ...timeoutsOf(options) }),
  });
  process.stdout.write(`listening for agents on ${listener.url}\n`);
  await ended(waiting.signal);
  await within(LAST_REQUESTS_MS, listener.close());
}

function checkWorkspace(name: string): void {
  try {
    new Workspace(name, null).lockOf('a');
  } catch (error) {
    if (!(error instanceof UnusablePath)) throw error;
    throw new CommandFailure(`The workspace "${name}" is too long for the name of a lock.`, EXIT.usage);
  }
  if (/^[a-zA-Z0-9._-]+(\/[a-zA-Z0-9._-]+)*$/.test(name)) return;
  throw new CommandFailure(
    `The workspace "${name}" cannot begin the name of a lock. Use letters, digits, ".", "_" and "-", with single slashes in between.`,
    EXIT.usage,
  );
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
