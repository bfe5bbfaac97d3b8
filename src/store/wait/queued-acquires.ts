import type { AcquireRequest } from '../../core/model/command.js';
import type { Arrival, TicketId } from '../../core/model/ids.js';
import type { Lease } from '../../core/model/lease.js';
import type { State } from '../../core/state/state.js';
import type { OctoStoreError } from '../../errors/octostore-error.js';
import type { Admission } from '../admission.js';
import type { Decider } from '../decide/decider.js';
import type { Observers } from '../observers.js';
import type { Timeline } from '../timeline.js';
import type { UndeliveredGrants } from './undelivered-grants.js';
import type { WaitAnswer, WaitingClients } from './waiting-clients.js';

/** Aborts a wait with this reason if the client may not come back, so that its place is not kept. */
export const FOR_GOOD = Symbol('for good');

interface PlaceInLine {
  readonly request: AcquireRequest;
  readonly arrival: Arrival;
}

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
  async wait(ticketId: TicketId, request: AcquireRequest, clientGone?: AbortSignal): Promise<WaitAnswer> {
    const { state, timeline, waiting, undelivered, observers } = this.#parts;
    const since = timeline.now();
    const inLineSince = state.ticket(ticketId)?.since ?? since;
    const answered = waiting.wait(ticketId);
    const leave = (): void => this.#leave(ticketId, mayReturn(clientGone));
    clientGone?.addEventListener('abort', leave, { once: true });
    const answer = await answered.finally(() => clientGone?.removeEventListener('abort', leave));
    const now = timeline.now();
    const times = { durationMs: now - since, inLineMs: now - inLineSince };
    observers.waited({ request, answer: answer.kind, ...times });
    if (answer.kind !== 'acquired') return clientGone?.aborted === true ? { kind: 'abandoned' } : answer;
    const arrival = undelivered.arrived(answer.lease.fencingToken);
    if (clientGone?.aborted !== true) return answer;
    const isPlaceKept = request.leaseIdChosen && mayReturn(clientGone);
    if (arrival !== null) await this.#takeBack(answer.lease, isPlaceKept ? { request, arrival } : null);
    return { kind: 'abandoned' };
  }

  /** Removes every ticket from the queues, and answers its client with this error. */
  refuseAll(error: () => OctoStoreError): void {
    const { state, decider, waiting } = this.#parts;
    for (const ticketId of waiting.ids()) {
      if (state.ticket(ticketId)?.isAsking !== true) continue; // Its answer is on the way.
      decider.decide({ kind: 'leave_queue', ticketId, keepsPlace: false });
      waiting.fail(ticketId, error());
    }
  }

  /**
   * Removes the tickets that may no longer wait, whether or not a client is asking for them, and answers their clients.
   *
   * @param refusalOf returns the error for a request that may no longer wait, and null for others.
   */
  refuse(refusalOf: (request: AcquireRequest) => OctoStoreError | null): void {
    const { state, decider, waiting } = this.#parts;
    // Those that leave let in only requests that arrived after them, so none is granted that has yet to leave.
    const latestFirst = [...state.allTickets()].toSorted((a, b) => b.arrival - a.arrival);
    for (const { ticketId, request } of latestFirst) {
      const refusal = refusalOf(request);
      if (refusal === null) continue;
      decider.decide({ kind: 'leave_queue', ticketId, keepsPlace: false });
      waiting.fail(ticketId, refusal);
    }
  }

  /** The client disconnected while its grant was on the way. It never learned of the lease, so the lease must end. */
  async #takeBack({ leaseId, holder, fencingToken }: Lease, place: PlaceInLine | null): Promise<void> {
    const { admission, decider, waiting } = this.#parts;
    if (!admission.isRunning) return;
    const keptPlace = place === null ? null : { ...place, ticketId: waiting.nextId() };
    const { userId } = holder;
    await decider.decide({ kind: 'take_back', userId, leaseId, fencingToken, place: keptPlace }).durable;
  }

  #leave(ticketId: TicketId, keepsPlace: boolean): void {
    const { admission, decider, waiting } = this.#parts;
    if (!admission.isRunning) return;
    const { outcome } = decider.decide({ kind: 'leave_queue', ticketId, keepsPlace });
    if (outcome.kind === 'left') waiting.answer(ticketId, { kind: 'abandoned' });
  }
}

function mayReturn(clientGone?: AbortSignal): boolean {
  return clientGone?.reason !== FOR_GOOD;
}
