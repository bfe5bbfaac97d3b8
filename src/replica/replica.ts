import { Logger } from '@nestjs/common';
import { createApp } from '../app.js';
import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { Replies } from '../http/answer/replies.js';
import type { Front } from '../http/front.js';
import type { DatabaseLocation } from '../installation/database-location.js';
import { endOfTerm, type TermEndedError } from '../journal/errors.js';
import type { Leader, SharedJournal } from '../journal/shared-database.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { drainConnections } from '../lifecycle/drain-connections.js';
import { leadTerm, type KeyTurn, type Term } from '../term.js';
import { LedTerm } from './led-term.js';
import type { ReplicaState } from './standby/standby-parts.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Standby } from './standby/standby.js';

/** How long to wait for the next leader at a stop, in milliseconds. There is none if this is the only server. */
const NEXT_LEADER_MS = 1_000;

const LOOK_EVERY_MS = 20;

/** How long the other servers may take to notice the next leader, in milliseconds. They look ten times a second. */
const NOTICE_MS = 300;

export interface ReplicaParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly tracing: Tracing;
  readonly location: DatabaseLocation;
  readonly journal: SharedJournal;
  readonly front: Front;
  /** Serves while another process leads. */
  readonly standby: Standby;
  /** Writes the answers of the standby. */
  readonly replies: Replies;
  /** Whether someone can see the token of a first start without others seeing it. */
  readonly mayShowToken: boolean;
  /** Where the other servers reach this one. */
  readonly url: string;
  readonly keyTurn: KeyTurn;
  /** Called when a term has begun. The store may fail from then on. `lost` must be called if that is because the term is over. */
  readonly onTerm: (term: Term, lost: (ended: TermEndedError) => void) => void;
  /** Called when this process leads and serves its clients. */
  readonly onLeading: (led: LedTerm) => Promise<void>;
  /** Called when another process was first seen to lead, or a new one is. */
  readonly onFollowing: (leader: Leader) => void;
}

/**
 * One of several servers on a database. It leads if no other does, and forwards requests to the leader otherwise. No feature knows of
 * these roles: an application is built for each term, behind the socket that always listens.
 */
export class Replica {
  readonly #parts: ReplicaParts;
  readonly #logger = new Logger('Server');
  readonly #stopping = new AbortController();
  readonly #stopped: Promise<void>;
  #isStopAnnounced = false;
  #led: LedTerm | null = null;
  #latestTerm: number | null = null;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
    const { signal } = this.#stopping;
    this.#stopped = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  get state(): ReplicaState {
    return {
      role: this.#led === null ? 'standby' : 'leader',
      term: this.#latestTerm,
      isStopping: this.#isStopAnnounced,
    };
  }

  /** Serves until `stop` is called. Rejects if this process can never lead. */
  async run(): Promise<void> {
    const { journal } = this.#parts;
    const forget = journal.onLeader((leader) => this.#follow(leader));
    while (!this.#isStopping) {
      const led = await this.#lead();
      if (led !== null) await this.#serve(led);
    }
    await this.#leave();
    forget();
  }

  /** Ends `run`: reports unready, so that no one sends more, and then lets another process lead. */
  async stop(): Promise<void> {
    const { clock, config } = this.#parts;
    this.#isStopAnnounced = true;
    this.#led?.app.get(Lifecycle).announceStop();
    await clock.pause(config.SHUTDOWN_DELAY_SECONDS * 1000);
    this.#stopping.abort(new Error('the server stops'));
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #follow(leader: Leader | null): void {
    if (this.#led !== null) return; // It is this process.
    this.#parts.standby.forwardTo(leader);
    if (leader !== null) this.#parts.onFollowing(leader);
  }

  /** Null if the process is to stop, or another one was faster. */
  async #lead(): Promise<LedTerm | null> {
    try {
      return await this.#beginTerm();
    } catch (error) {
      if (this.#isStopping || endOfTerm(error) !== null) return null;
      // Another server may be able to lead.
      await this.#parts.journal.resign();
      throw error;
    }
  }

  async #beginTerm(): Promise<LedTerm> {
    const { journal, config, clock, tracing, location, front, keyTurn, mayShowToken, onTerm } = this.#parts;
    const { signal } = this.#stopping;
    const term = await leadTerm(journal, {
      config,
      clock,
      tracing,
      location,
      mayShowToken,
      keyTurn,
      signal,
    });
    const lost = new Promise<TermEndedError>((resolve) => onTerm(term, resolve));
    const app = await createApp(config, term, { clock, tracing, front });
    if (this.#isStopAnnounced) app.get(Lifecycle).announceStop();
    await app.listen(0);
    return new LedTerm(term, app, lost);
  }

  async #serve(led: LedTerm): Promise<void> {
    const { journal, url, front, standby, onLeading } = this.#parts;
    const { reign } = journal;
    this.#led = led;
    this.#latestTerm = led.term.store.epoch;
    // What is held goes to the application through the socket, as everything else does.
    standby.forwardTo({ url, reign });
    await Promise.race([led.lost, this.#stopped, onLeading(led)]);
    await Promise.race([led.lost, this.#stopped]);
    front.serveThrough(standby);
    this.#led = null;
    // The next leader may have been seen before this server knew that its own term was over. Then nothing more announces it.
    this.#follow(journal.leader?.reign === reign ? null : journal.leader);
    await this.#end(led);
  }

  async #end(led: LedTerm): Promise<void> {
    const { clock, journal } = this.#parts;
    if (this.#isStopping) {
      await led.handOver(clock, () => journal.resign());
      return;
    }
    const { message } = await led.lost;
    this.#logger.warn(`${message} This server stands by again`);
    await led.discard();
  }

  /**
   * Until the other servers have noticed that this one no longer leads, they send requests here. Those that had not been accepted when
   * the server stopped listening would be lost without a trace.
   */
  async #untilOthersKnow(): Promise<void> {
    const { clock, journal } = this.#parts;
    const untilMs = clock.monotonicMs() + NEXT_LEADER_MS;
    while (journal.leader === null && clock.monotonicMs() < untilMs) await clock.pause(LOOK_EVERY_MS);
    await clock.pause(NOTICE_MS);
  }

  /** Forwards what still arrives for a moment, then ends all connections. */
  async #leave(): Promise<void> {
    const { clock, front, journal, standby, replies } = this.#parts;
    journal.follow();
    replies.endConnections();
    standby.drain();
    await this.#untilOthersKnow();
    await drainConnections(front.server, clock);
    standby.close();
    front.cutConnections();
    await journal.close();
  }
}
