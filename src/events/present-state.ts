import type { Access } from '../access/access.js';
import type { Actor } from '../access/may.js';
import type { LockName } from '../core/model/lock-name.js';
import type { LockPresenter } from '../locks/lock-presenter.js';
import { presentHold } from '../locks/present-hold.js';
import type { LockStore } from '../store/lock-store.js';
import type { Selector } from '../journal/event-query.js';
import type { LoginOf } from './event-fields.js';
import type { EventStream } from './event-stream.js';
import type { RecentEvents } from './recent-events.js';
import type { Slots } from './slots.js';
import { StateFrames } from './state-frames.js';
import { lockOf, SnapshotTaker, type Held, type StateSnapshot } from './state-snapshot.js';
import type { Turns } from './turns.js';

interface Parts {
  readonly store: LockStore;
  readonly recent: RecentEvents;
  readonly turns: Turns;
  readonly present: LockPresenter;
  readonly loginOf: LoginOf;
  readonly stream: EventStream;
  readonly viewer: Actor;
  readonly access: Access;
  /** Limits how many large states are being sent to a user at the same time. */
  readonly largeSlots: Slots;
}

/** Sends the current state of the locks that a stream follows. */
export class PresentState {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the sequence of the last event that the state includes. */
  send(selector: Selector): Promise<number> {
    return selector.kind === 'lock' ? this.#sendLock(selector.lockName) : this.#sendLocks(selector.prefix);
  }

  async #sendLock(lockName: LockName): Promise<number> {
    const { store, present, stream, viewer } = this.#parts;
    const { id, data } = await store.read((state, now) => ({
      id: state.lastSequence,
      data: present.watched(lockName, state, now, viewer),
    }));
    stream.send({ event: 'state', id, data });
    return id;
  }

  async #sendLocks(prefix: string): Promise<number> {
    const { stream, largeSlots, access, viewer } = this.#parts;
    const isVisible = (lock: Held): boolean => access.may(viewer, 'observe', lockOf(lock));
    const taker = new SnapshotTaker({ ...this.#parts, isVisible, isWanted: () => stream.isOpen }, prefix);
    const small = await taker.takeSmall();
    if (small !== null) return this.#sendFrames(small);
    return largeSlots.use(async () => this.#sendFrames(await taker.take()));
  }

  /** Sends as fast as the client reads. */
  async #sendFrames({ sequence, held }: StateSnapshot): Promise<number> {
    const { turns, stream, viewer } = this.#parts;
    const frames = new StateFrames(sequence, this.#visible(held), (lock) => this.#describe(lock));
    for (let isSent = false; !isSent && stream.isOpen; isSent = frames.isComplete) {
      await stream.drained();
      await turns.run(viewer.userId, () => frames.step() || !stream.isOpen);
      stream.sendText(frames.take());
    }
    return sequence;
  }

  *#visible(held: Iterable<Held>): Generator<Held> {
    const { access, viewer } = this.#parts;
    for (const lock of held) if (access.may(viewer, 'observe', lockOf(lock))) yield lock;
  }

  /** The result is the same whether it is given by a lease or by an event. */
  #describe(lock: Held): object {
    const { present, viewer, loginOf } = this.#parts;
    if (!('subject' in lock)) return { ...present.listed(lock, viewer), lease_id: undefined };
    const { subject, body } = lock;
    const { userId } = body.holder;
    return {
      status: 'held',
      name: subject.lockName,
      fencing_token: body.fencingToken,
      expires_at: new Date(body.expiresAt).toISOString(),
      holder: loginOf(userId),
      holder_id: userId,
      metadata: body.metadata,
      ...presentHold(body.hold),
    };
  }
}
