import type { Request, Script } from '../load/script.js';

/** Takes something and gives it back, over and over. Only what was taken is given back. */
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
