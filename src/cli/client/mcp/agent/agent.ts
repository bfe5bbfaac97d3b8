import type { LockHandle, OctoStoreClient, SessionHandle } from '@octostore/client';
import { Claim, type AskedFor, type ClaimMode, type Loss, type Notice } from './claim.js';

/** What an agent asks for. */
export interface ClaimRequest {
  readonly names: readonly string[];
  readonly mode: ClaimMode;
  readonly purpose: string;
  /** The name of the agent's program. */
  readonly program: string;
  readonly waitSeconds: number;
  /** How long the claim is kept unless the agent keeps it for longer, in seconds. */
  readonly keepSeconds: number;
  readonly signal: AbortSignal;
}

/** Who an agent is, for others. */
export interface AgentOptions {
  readonly client: OctoStoreClient;
  /** Such as `claude-code on laptop`, made from the name of the agent's program. Others see it before the purpose. */
  readonly label: (program: string) => string;
  /** TTL of its session and leases: how long its claims outlive it if it vanishes, in seconds. */
  readonly ttlSeconds: number;
}

/** An agent already has a name in another mode than it asks for now. */
export class OtherModeError extends Error {
  override readonly name = 'OtherModeError';
}

/** The agent ended, or ended its call, before it got what it asked for. */
export class AgentGone extends Error {
  override readonly name = 'AgentGone';
  override readonly message = 'The call was cancelled, and nothing was claimed.';
}

/** Leaves room for the purpose in the metadata of a lease. */
const LABEL_LENGTH_MAX = 50;

/** How many losses are remembered until the agent has seen them. */
const LOSSES_MAX = 100;

/**
 * One agent and what it has claimed. All of it belongs to a session, which is opened with the first claim and kept alive until the
 * agent ends. So its claims end with it, even if it is killed.
 */
export class Agent {
  readonly client: OctoStoreClient;
  readonly #options: AgentOptions;
  readonly #claims = new Set<Claim>();
  readonly #losses: Loss[] = [];
  #session: Promise<SessionHandle> | null = null;
  #isClosed = false;
  #listener: (notice: Notice) => void = () => undefined;

  constructor(options: AgentOptions) {
    this.client = options.client;
    this.#options = options;
  }

  /** What it holds now. */
  get claims(): readonly Claim[] {
    return [...this.#claims];
  }

  /** Calls the listener when another one asks for a claim, or when one is lost. Replaces any previous listener. */
  onNotice(listener: (notice: Notice) => void): void {
    this.#listener = listener;
  }

  /**
   * Claims all the names, or none. Names that the agent already has are kept for longer instead. Throws `LockHeldError` if others
   * have one of them until the wait is over, and `OtherModeError` if the agent has one in another mode.
   */
  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    const owned = this.#owned(request);
    const missing = request.names.filter((name) => !owned.some((claim) => claim.has(name)));
    const added = missing.length === 0 ? [] : [await this.#claimNew(missing, request)];
    for (const claim of owned) claim.keepFor(request.keepSeconds);
    return [...owned, ...added];
  }

  /** The claim of a name. */
  claimOf(name: string): Claim | undefined {
    return this.claims.find((claim) => claim.has(name));
  }

  /** Releases a claim with all its names. Throws if the server cannot be reached. */
  async release(claim: Claim): Promise<void> {
    this.#forget(claim);
    await claim.lock.release();
  }

  /** The losses that the agent has not seen. */
  get losses(): readonly Loss[] {
    return this.#losses;
  }

  /** The same, which the agent sees now. */
  takeLosses(): readonly Loss[] {
    return this.#losses.splice(0);
  }

  /** What others ask for now. */
  get releaseRequests(): readonly AskedFor[] {
    return this.claims.flatMap(({ names, lock: { releaseRequested: request } }) =>
      request === null ? [] : [{ kind: 'release_requested' as const, names, request }],
    );
  }

  /** Ends the session and with it every claim. Never fails: what cannot be ended expires. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const claim of this.#claims) this.#forget(claim);
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }

  #owned({ names, mode }: ClaimRequest): readonly Claim[] {
    const owned = this.claims.filter((claim) => names.some((name) => claim.has(name)));
    const other = owned.find((claim) => claim.mode !== mode);
    if (other === undefined) return owned;
    throw new OtherModeError(
      `You already hold ${other.names.join(', ')} as ${other.mode}. Release that claim first, then claim it as ${mode}.`,
    );
  }

  async #claimNew(names: readonly string[], request: ClaimRequest): Promise<Claim> {
    const { mode, purpose, program, waitSeconds, keepSeconds, signal } = request;
    const { client, label, ttlSeconds } = this.#options;
    if (this.#isClosed) throw new AgentGone();
    const session = await this.#openSession();
    const wanted = names.map((name) => ({ name, mode }));
    const metadata = `${label(program).slice(0, LABEL_LENGTH_MAX)}: ${purpose}`;
    const lock = await client.holdAll(wanted, { ttlSeconds, waitSeconds, metadata, session, signal });
    if (this.#isClosed || signal.aborted) {
      await lock.close();
      throw new AgentGone();
    }
    return this.#keep(lock, mode, purpose, keepSeconds);
  }

  /** The session, or a new one if it was lost. Claims at the same time get the same. */
  #openSession(): Promise<SessionHandle> {
    this.#session = this.#sessionAfter(this.#session);
    return this.#session;
  }

  async #sessionAfter(previous: Promise<SessionHandle> | null): Promise<SessionHandle> {
    const present = await previous?.catch(() => undefined);
    if (present !== undefined && !present.isLost) return present;
    const { client, ttlSeconds } = this.#options;
    return client.openSession({ ttlSeconds });
  }

  #keep(lock: LockHandle, mode: ClaimMode, purpose: string, keepSeconds: number): Claim {
    const claim = new Claim(lock, mode, purpose, (ended) => this.#end(ended));
    claim.keepFor(keepSeconds);
    this.#claims.add(claim);
    lock.onReleaseRequested((request) =>
      this.#listener({ kind: 'release_requested', names: claim.names, request }),
    );
    lock.signal.addEventListener('abort', () => this.#lose(claim, reasonOf(lock.signal.reason)), {
      once: true,
    });
    return claim;
  }

  #end(claim: Claim): void {
    this.#lose(claim, 'the time it was claimed for is over, and it was released');
    void claim.lock.close();
  }

  #lose(claim: Claim, reason: string): void {
    if (!this.#claims.has(claim)) return;
    this.#forget(claim);
    const notice = { kind: 'lost', names: claim.names, reason } as const;
    this.#losses.push(notice);
    if (this.#losses.length > LOSSES_MAX) this.#losses.shift();
    this.#listener(notice);
  }

  #forget(claim: Claim): void {
    claim.stopTimer();
    this.#claims.delete(claim);
  }
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
