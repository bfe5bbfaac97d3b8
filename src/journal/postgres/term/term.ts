import { TermEndedError } from '../../errors.js';
import type { Batch, Watermarks } from '../../batch.js';
import type { Tenure } from '../../tenure.js';
import type { Succession } from '../../succession.js';
import type { CallFor } from '../batch-call.js';
import { afterCommit, type Position } from './position.js';
import type { Settled, Settler } from './settler.js';
import { COMMITS_PER_LEASE, type Timing } from './timing.js';

/** The time during which this process leads: where its chain of commits ends, and how long it is sure to lead. */
export class Term {
  readonly #settler: Settler;
  readonly #callFor: CallFor;
  readonly #timing: Timing;
  #end: Settled;
  #settling: Promise<Settled>;
  #isOver = false;
  #committed: Watermarks | null = null;

  constructor(settler: Settler, callFor: CallFor, timing: Timing, begun: Settled) {
    this.#settler = settler;
    this.#callFor = callFor;
    this.#timing = timing;
    this.#end = begun;
    this.#settling = Promise.resolve(begun);
  }

  get position(): Position {
    return this.#end.position;
  }

  get tenure(): Tenure {
    const { leaseMs, marginMs } = this.#timing;
    return {
      sureUntilMs: this.#isOver ? -Infinity : this.#end.sentAtMs + leaseMs - marginMs,
      commitEveryMs: leaseMs / COMMITS_PER_LEASE,
    };
  }

  async commit(batch: Batch): Promise<void> {
    const from = this.position;
    if (this.#isOver || batch.epoch !== from.epoch) throw new TermEndedError();
    const statement = this.#callFor(batch, from);
    this.#settling = this.#settler.settle({ statement, from, to: afterCommit(from) });
    this.#end = await this.#settling.catch((error: unknown) => this.#fail(error));
    this.#committed = batch.watermarks;
  }

  /** How the next term of this process continues this one, whose timeline goes on. Null if this one has committed nothing. */
  get continued(): Succession | null {
    const lineOffsetMs = this.#committed?.monotonicOffset ?? null;
    return lineOffsetMs === null ? null : { kind: 'take_over', lineOffsetMs };
  }

  /** Resolves when the commit that is under way is durable, or has failed. */
  async settled(): Promise<void> {
    await this.#settling.catch(() => undefined);
  }

  /** Commits nothing more. A commit that is under way may still succeed. */
  end(): void {
    this.#isOver = true;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The position that a server must have reached to answer reads. Null if the term is over. */
  get needed(): Position | null {
    return this.#isOver ? null : this.position;
  }

  #fail(error: unknown): never {
    if (error instanceof TermEndedError) this.#isOver = true;
    throw error;
  }
}
