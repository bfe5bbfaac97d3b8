import type { TicketId } from '../../core/model/ids.js';
import type { Lease } from '../../core/model/lease.js';
import type { State } from '../../core/state/state.js';
import type { OctoStoreError } from '../../errors/octostore-error.js';
import type { Admission } from '../admission.js';
import type { Decider } from '../decide/decider.js';
import type { Observers } from '../observers.js';
import type { Timeline } from '../timeline.js';
import type { UndeliveredGrants } from './undelivered-grants.js';
import type { WaitAnswer, WaitingClients } from './waiting-clients.js';

interface Parts {
  readonly state: State;
  readonly timeline: Timeline;
  readonly admission: Admission;
  readonly decider: Decider;
  readonly waiting: WaitingClients;
  readonly undelivered: UndeliveredGrants;
  readonly observers: Observers;
}

/** The acquires that wait in line, from when they join it until their clients have an answer or disconnect. */
export class QueuedAcquires {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Resolves with the answer to a ticket in the queue.
   *
   * @param clientGone aborts when the client's connection closes. See `LockStore.acquire`.
   */
  async wait(ticketId: TicketId, clientGone?: AbortSignal): Promise<WaitAnswer> {
    const { timeline, waiting, undelivered, observers } = this.#parts;
    const since = timeline.now();
    const answered = waiting.wait(ticketId);
    const leave = (): void => this.#leave(ticketId);
    clientGone?.addEventListener('abort', leave, { once: true });
    const answer = await answered.finally(() => clientGone?.removeEventListener('abort', leave));
    observers.waited(timeline.now() - since, answer.kind);
    const isUndelivered = answer.kind === 'acquired' && undelivered.arrived(answer.lease.fencingToken);
    if (clientGone?.aborted !== true) return answer;
    if (isUndelivered) await this.#takeBack(answer.lease);
    return { kind: 'abandoned' };
  }

  /** Removes every ticket from the queues, and answers its client with this error. */
  refuseAll(error: () => OctoStoreError): void {
    const { state, decider, waiting } = this.#parts;
    for (const ticketId of waiting.ids()) {
      if (state.ticket(ticketId) === null) continue; // Its answer is on the way.
      decider.decide({ kind: 'leave_queue', ticketId });
      waiting.fail(ticketId, error());
    }
  }

  /** The client disconnected while its grant was on the way. It never learned of the lease, so the lease must end. */
  async #takeBack({ lockName, leaseId, holder, fencingToken }: Lease): Promise<void> {
    const { state, admission, decider } = this.#parts;
    const held = state.lock(lockName)?.leases.find(({ lease }) => lease.fencingToken === fencingToken);
    if (!admission.isRunning || !held) return;
    await decider.decide({ kind: 'release', lockName, userId: holder.userId, leaseId }).durable;
  }

  #leave(ticketId: TicketId): void {
    const { admission, decider, waiting } = this.#parts;
    if (!admission.isRunning) return;
    const { outcome } = decider.decide({ kind: 'leave_queue', ticketId });
    if (outcome.kind === 'left') waiting.answer(ticketId, { kind: 'abandoned' });
  }
}
