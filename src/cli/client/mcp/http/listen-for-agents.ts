import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXIT } from '../../../shared/exit-codes.js';
import { CommandFailure } from '../../failure.js';
import type { Toolbox } from '../tools/toolbox.js';
import { Agents, type AgentsOptions } from './agents.js';
import { NamedAgents } from './named-agents.js';
import { router } from './router.js';
import { Sessions } from './sessions.js';

export interface ListenerOptions extends AgentsOptions, Omit<Toolbox, 'agent'> {
  /** Such as `127.0.0.1:7007`. */
  readonly address: string;
  /** The host names by which clients may reach it, besides those of this machine for itself. */
  readonly hosts: readonly string[];
  readonly version: string;
}

export interface Listener {
  readonly url: string;
  /** Ends all agents and their claims. */
  readonly close: () => Promise<void>;
}

/** As in the header `Host`. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Serves agents over HTTP, at `/mcp`. Throws `CommandFailure` if it cannot listen. */
export async function listenForAgents(options: ListenerOptions): Promise<Listener> {
  const { address, hosts, workspace, urls, version } = options;
  const at = parsed(address);
  checkReach(at, hosts);
  const agents = new Agents(options);
  const parts = { agents, workspace, urls, version };
  const [sessions, named] = [new Sessions(parts), new NamedAgents(parts)];
  const server = createServer(router([...LOOPBACK, ...hosts], { sessions, named }));
  await listening(server, at);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${at.host}:${port}/mcp`,
    close: async () => {
      await Promise.all([agents.endAll(), named.close()]);
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Address {
  /** As in a URL, so IPv6 has brackets. */
  readonly host: string;
  readonly port: number;
}

function parsed(address: string): Address {
  const url = URL.canParse(`http://${address}`) ? new URL(`http://${address}`) : null;
  const [, port] = /:(\d{1,5})$/.exec(address) ?? [];
  if (url !== null && port !== undefined && url.pathname === '/')
    return { host: url.hostname, port: Number(port) };
  throw new CommandFailure(`"${address}" is not an address. Give one such as 127.0.0.1:7007.`, EXIT.usage);
}

function checkReach({ host }: Address, hosts: readonly string[]): void {
  if (LOOPBACK.includes(host) || hosts.length > 0) return;
  throw new CommandFailure(
    `Clients on other machines could reach ${host}. Say with --allow-host by which names they may, and put a proxy with TLS in front, because they send their tokens.`,
    EXIT.usage,
  );
}

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new CommandFailure(`Cannot listen on ${host}:${port}: ${error.message}.`, EXIT.failure)),
    );
    server.listen(port, host.replaceAll(/[[\]]/g, ''), resolve);
  });
}
