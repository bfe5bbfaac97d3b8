import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Accounts } from '../auth/accounts.js';
import type { Caller } from '../auth/caller.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { onClientGone } from '../http/connections/client-gone.js';
import { LockPresenter } from '../locks/lock-presenter.js';
import type { EventEntity } from '../store/entities/event.entity.js';
import { LockStore } from '../store/lock-store.js';
import { EventHub, type Selector } from './event-hub.js';
import { presentEvent } from './event-presenter.js';
import { EventStream, type Frame } from './event-stream.js';
import { Watch, type Snapshot } from './watch.js';

const HEARTBEAT_EVERY_MS = 15_000;

/** Locks in one frame of a snapshot. */
const SNAPSHOT_FRAME_LOCKS = 500;

/** The event streams that are open. */
@Injectable()
export class Watches implements BeforeApplicationShutdown {
  readonly #open = new Set<EventStream>();

  constructor(
    private readonly store: LockStore,
    private readonly hub: EventHub,
    private readonly present: LockPresenter,
    private readonly accounts: Accounts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get count(): number {
    return this.#open.size;
  }

  /**
   * Opens a stream on `response`, until either side ends it or the caller's token is no longer valid. Throws
   * `too_many_watchers` before anything is sent.
   */
  async open(
    selector: Selector,
    caller: Caller,
    lastEventId: number | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    this.store.admission.assertRunning();
    if (this.#open.size >= this.config.MAX_WATCHERS) {
      throw new OctoStoreError('too_many_watchers', { retryAfterMs: 5_000 });
    }
    const stream = new EventStream(response);
    if (request.method === 'HEAD') return stream.end();
    this.#open.add(stream);
    onClientGone(request, () => stream.end());
    const forgetToken = this.accounts.onTokenEnd(caller.tokenHash, () => stream.end());
    stream.onClose(() => {
      this.#open.delete(stream);
      forgetToken();
    });
    const watch = new Watch({
      store: this.store,
      hub: this.hub,
      stream,
      selector,
      viewer: caller.userId,
      takeSnapshot: () => this.#snapshot(selector, caller),
      toFrame: (event) => this.#toFrame(event),
    });
    // The headers are sent: all that is left to say of a failure is that the stream ends.
    await watch.start(lastEventId).catch(() => stream.end());
  }

  @Interval(HEARTBEAT_EVERY_MS)
  beat(): void {
    for (const stream of this.#open) stream.comment('keep-alive');
  }

  beforeApplicationShutdown(): void {
    for (const stream of this.#open) stream.end();
  }

  #snapshot(selector: Selector, { userId }: Caller): Promise<Snapshot> {
    return this.store.read((state, now) => {
      const id = state.lastSequence;
      if (selector.kind === 'lock') {
        const data = this.present.status(selector.lockName, state, now, userId);
        return { sequence: id, frames: [{ event: 'state', id, data: { ...data, lease_id: undefined } }] };
      }
      const leases = state.liveLeases(selector.prefix, null, now);
      const locks = Array.from(leases, (lease) => ({
        ...this.present.listed(lease, userId),
        lease_id: undefined,
      }));
      return { sequence: id, frames: snapshotFrames(id, locks) };
    });
  }

  #toFrame(event: EventEntity): Frame {
    const data = presentEvent(event, (userId) => this.accounts.loginOf(userId));
    return { event: event.type, id: event.sequence, data };
  }
}

/** At least one frame; `complete` stands on the last. */
function snapshotFrames(id: number, locks: readonly object[]): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start === 0 || start < locks.length; start += SNAPSHOT_FRAME_LOCKS) {
    const part = locks.slice(start, start + SNAPSHOT_FRAME_LOCKS);
    const complete = start + SNAPSHOT_FRAME_LOCKS >= locks.length;
    frames.push({ event: 'state', id: complete ? id : null, data: { locks: part, complete } });
  }
  return frames;
}
