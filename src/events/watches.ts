import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Access, type AccessChange } from '../access/access.js';
import { Accounts } from '../auth/accounts.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import type { UserId } from '../core/model/ids.js';
import { onClientGone } from '../http/connections/client-gone.js';
import { LockPresenter } from '../locks/lock-presenter.js';
import type { Selector } from '../journal/event-query.js';
import { LockStore } from '../store/lock-store.js';
import { EventFrames } from './event-frames.js';
import { EventHub } from './event-hub.js';
import { EventStream } from './event-stream.js';
import type { EventTypes } from './event-types.js';
import { LogReader } from './log-reader.js';
import { PresentState } from './present-state.js';
import { StreamBuffers, type ExceededLimit } from './stream-buffers.js';
import { Turns } from './turns.js';
import { Watch } from './watch.js';
import { Watchers, type Watcher } from './watchers.js';

/** What a client wants to watch. */
export interface Watched {
  readonly selector: Selector;
  readonly types: EventTypes;
}

const HEARTBEAT_EVERY_MS = 15_000;

const MIB = 1024 * 1024;

/** The open event streams. */
@Injectable()
export class Watches implements BeforeApplicationShutdown {
  readonly #watchers: Watchers;
  readonly #buffers: StreamBuffers;
  readonly #frames: EventFrames;
  readonly #log: LogReader;
  #isBeating = false;

  constructor(
    private readonly store: LockStore,
    private readonly hub: EventHub,
    private readonly turns: Turns,
    private readonly present: LockPresenter,
    private readonly accounts: Accounts,
    private readonly access: Access,
    clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.#watchers = new Watchers({ perUser: config.MAX_WATCHERS_PER_USER, all: config.MAX_WATCHERS });
    this.#buffers = new StreamBuffers({
      perUser: config.MAX_STREAM_BUFFER_MB_PER_USER * MIB,
      all: config.MAX_STREAM_BUFFER_MB * MIB,
    });
    this.#frames = new EventFrames((userId) => accounts.loginOf(userId), access);
    this.#log = new LogReader(store, clock);
    access.onChange((change) => this.#judgeAgain(change));
  }

  get count(): number {
    return this.#watchers.count;
  }

  /** How many bytes wait for slow clients. */
  get waitingBytes(): number {
    return this.#buffers.bytes;
  }

  /** How many streams were cut off because their clients were too slow, by the limit that was exceeded. */
  get cutOff(): Readonly<Record<ExceededLimit, number>> {
    return this.#buffers.cut;
  }

  /**
   * Opens a stream on `response`. It lasts until either side ends it or the caller's token is no longer valid. Throws
   * `forbidden` and `too_many_watchers` before anything is sent.
   */
  async open(
    watched: Watched,
    caller: Caller,
    lastEventId: number | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    this.store.admission.assertAvailable();
    if (watched.selector.kind === 'lock') this.access.assertMay(caller, 'observe', watched.selector);
    this.#watchers.assertRoomFor(caller.userId, this.access.limitsOf(caller.userId).watches);
    if (request.method === 'HEAD') return new EventStream(response).end();
    const stream = new EventStream(response, {
      openAccount: (opened) => this.#buffers.open(caller.userId, opened),
      // Once the headers arrive, the client knows that it watches. What happens after that is an event, not part of the state.
      headAtOnce: false,
    });
    const watcher = this.#watchers.add(caller.userId, stream, watched.selector);
    onClientGone(request, () => stream.end());
    stream.onClose(this.accounts.onTokenEnd(caller.tokenHash, () => stream.end()));
    const watch = this.#newWatch(watched, caller, stream, watcher);
    // The headers are sent, so the only way to report a failure is to end the stream.
    await watch.start(lastEventId).catch(() => stream.end());
  }

  @Interval(HEARTBEAT_EVERY_MS)
  beat(): void {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const beats = this.#watchers.byUser().map(([user, streams]) =>
      this.turns.run(user, () => {
        streams.pop()?.[0].comment('keep-alive');
        return streams.length === 0;
      }),
    );
    void Promise.all(beats).finally(() => (this.#isBeating = false));
  }

  beforeApplicationShutdown(): void {
    for (const [, streams] of this.#watchers.byUser()) for (const [stream] of streams) stream.end();
  }

  /**
   * Ends the streams that would show more or less than before. When a client comes back to watch many locks, it gets their present
   * state, because it may not know of those that it may see now.
   */
  #judgeAgain(change: AccessChange): void {
    for (const [user, streams] of this.#watchers.byUser()) {
      if (!change.affects(user)) continue;
      const ending = streams.filter(([, selector]) => !this.#showsTheSame(user, selector));
      void this.turns.run(user, () => {
        ending.pop()?.[0].end();
        return ending.length === 0;
      });
    }
  }

  /** The scopes of the viewer's token allowed it when the stream began, and never change. */
  #showsTheSame(userId: UserId, selector: Selector): boolean {
    return selector.kind === 'lock' && this.access.may({ userId, scope: null }, 'observe', selector);
  }

  #newWatch(
    { selector, types }: Watched,
    viewer: Caller,
    stream: EventStream,
    { logSlots, snapshotSlots }: Watcher,
  ): Watch {
    const { store, hub, turns, present, access } = this;
    const common = { store, turns, stream, viewer, access };
    const state = new PresentState({
      ...common,
      present,
      recent: hub.recent,
      loginOf: (holder) => this.accounts.loginOf(holder),
      largeSlots: snapshotSlots,
    });
    return new Watch({
      ...common,
      hub,
      selector,
      types,
      log: this.#log,
      logSlots,
      frames: this.#frames,
      sendState: () => state.send(selector),
    });
  }
}
