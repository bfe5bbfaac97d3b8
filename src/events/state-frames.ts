import { frameOf } from './event-stream.js';

/** How many locks one frame of a state has at most. */
const FRAME_LOCKS_MAX = 500;

/** A frame with this many characters is full, however few locks it has. */
const FRAME_CHARACTERS = 256 * 1024;

/** How many locks one step adds to a frame. */
const LOCKS_PER_STEP = 25;

/** Makes the frames with the state of many locks, in small steps. There is at least one. Only the last one is `complete`. */
export class StateFrames<T> {
  readonly #id: number;
  readonly #locks: Iterator<T>;
  readonly #describe: (lock: T) => object;
  #next: IteratorResult<T>;
  #texts: string[] = [];
  #characters = 0;

  /**
   * @param id the sequence from which a client can resume once it has the whole state.
   * @param describe returns what clients see of a lock.
   */
  constructor(id: number, locks: Iterable<T>, describe: (lock: T) => object) {
    this.#id = id;
    this.#locks = locks[Symbol.iterator]();
    this.#describe = describe;
    this.#next = this.#locks.next();
  }

  /** Whether every lock is in a frame. */
  get isComplete(): boolean {
    return this.#next.done === true;
  }

  /** Adds locks to the current frame. Returns whether the frame is ready for `take`. */
  step(): boolean {
    for (let count = 0; count < LOCKS_PER_STEP && !this.#isReady; count += 1) this.#addLock();
    return this.#isReady;
  }

  /** The text of the frame that is ready. */
  take(): string {
    const complete = this.isComplete;
    const text = `{"locks":[${this.#texts.join(',')}],"complete":${complete}}`;
    this.#texts = [];
    this.#characters = 0;
    return frameOf('state', complete ? this.#id : null, text);
  }

  get #isReady(): boolean {
    return this.isComplete || this.#texts.length >= FRAME_LOCKS_MAX || this.#characters >= FRAME_CHARACTERS;
  }

  #addLock(): void {
    if (this.#next.done === true) return;
    const text = JSON.stringify(this.#describe(this.#next.value));
    this.#texts.push(text);
    this.#characters += text.length;
    this.#next = this.#locks.next();
  }
}
