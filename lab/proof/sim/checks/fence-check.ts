import type { FenceName } from '../../../../src/core/model/fence.js';
import type { Answer, Operation } from '../request.js';

/** Checks that no client ever sees a fence go back, whatever happens to the server in between. */
export class FenceCheck {
  readonly #report: (broken: string) => void;
  /** The highest token that a client has been told, by fence. */
  readonly #told = new Map<FenceName, number>();
  /** The same when a request arrived. */
  readonly #toldBefore = new WeakMap<Operation, number>();

  constructor(report: (broken: string) => void) {
    this.#report = report;
  }

  arrived(operation: Operation): void {
    const name = fenceOf(operation);
    if (name !== null) this.#toldBefore.set(operation, this.#toldOf(name));
  }

  answered(operation: Operation, answer: Answer): void {
    const name = fenceOf(operation);
    if (name === null || !('highest' in answer)) return;
    const { highest } = answer;
    const before = this.#toldBefore.get(operation) ?? 0;
    if (highest < before) this.#report(`${name} went back from ${before} to ${highest}`);
    this.#told.set(name, Math.max(highest, this.#toldOf(name)));
  }

  #toldOf(name: FenceName): number {
    return this.#told.get(name) ?? 0;
  }
}

function fenceOf({ request }: Operation): FenceName | null {
  return request.kind === 'advance_fence' || request.kind === 'fence' ? request.name : null;
}
