import { createHash } from 'node:crypto';
import type { OctoStoreClient } from '@octostore/client';
import { Agent, type AgentOptions } from '../agent/agent.js';
import { PresentAgent } from './present-agent.js';

/** How many agents one process serves. */
const AGENTS_MAX = 1000;

/** There is no room for another agent. */
export class TooManyAgents extends Error {
  override readonly name = 'TooManyAgents';
  override readonly message = `This server has ${AGENTS_MAX} agents, which is the most. Try again later.`;
}

export interface AgentsOptions {
  readonly idleMs: number;
  readonly ttlSeconds: number;
  readonly clientFor: (token: string) => OctoStoreClient;
}

/** The agents that are connected over HTTP. */
export class Agents {
  readonly #byKey = new Map<string, PresentAgent>();

  constructor(private readonly options: AgentsOptions) {}

  /**
   * Opens an agent for the owner of a token. Throws `AuthenticationError` and other errors of the SDK if the server does not know
   * the token, and `TooManyAgents`.
   */
  async open(key: string, token: string, label: AgentOptions['label']): Promise<PresentAgent> {
    const client = this.options.clientFor(token);
    await client.tokens.me();
    const known = this.find(key, token);
    if (known !== undefined) return known;
    if (this.#byKey.size >= AGENTS_MAX) throw new TooManyAgents();
    const { idleMs, ttlSeconds } = this.options;
    const agent = new Agent({ client, label, ttlSeconds });
    const present = new PresentAgent(agent, hashOf(token), idleMs, () => void this.end(key));
    this.#byKey.set(key, present);
    return present;
  }

  /** The agent with this key, if the token is the one that opened it. */
  find(key: string, token: string): PresentAgent | undefined {
    const present = this.#byKey.get(key);
    return present?.tokenHash === hashOf(token) ? present : undefined;
  }

  /** Ends an agent and its claims. */
  async end(key: string): Promise<void> {
    const present = this.#byKey.get(key);
    this.#byKey.delete(key);
    await present?.end();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#byKey.keys()].map((key) => this.end(key)));
  }
}

/** Tokens are random, so their hashes can be compared in any way. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
