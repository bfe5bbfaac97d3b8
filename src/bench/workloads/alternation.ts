import type { Request, Script } from '../load/script.js';

/** Acquires and releases something, again and again. It releases only after a successful acquire. */
export class Alternation implements Script {
  readonly #take: Request;
  readonly #giveBack: Request;
  #hasIt = false;

  constructor(take: Request, giveBack: Request) {
    this.#take = take;
    this.#giveBack = giveBack;
  }

  get isAtRest(): boolean {
    return !this.#hasIt;
  }

  next(_nowMs: number): Request {
    return this.#hasIt ? this.#giveBack : this.#take;
  }

  answered(request: Request, succeeded: boolean, _nowMs: number): void {
    this.#hasIt = succeeded && request === this.#take;
  }
}
