import { frameOf } from './event-stream.js';

/** Locks in one frame of a state. */
const FRAME_LOCKS_MAX = 500;

/** Characters after which a frame of a state is full, however few locks it has. */
const FRAME_CHARACTERS = 256 * 1024;

/** Locks that are put into a frame in one step. */
const LOCKS_PER_STEP = 25;

/** Makes the frames that tell the state of many locks, in small steps. There is at least one; `complete` stands on the last. */
export class StateFrames<T> {
  readonly #id: number;
  readonly #locks: Iterator<T>;
  readonly #describe: (lock: T) => object;
  #next: IteratorResult<T>;
  #texts: string[] = [];
  #characters = 0;

  /**
   * @param id Where a client may resume that has the whole state.
   * @param describe What clients are told of a lock.
   */
  constructor(id: number, locks: Iterable<T>, describe: (lock: T) => object) {
    this.#id = id;
    this.#locks = locks[Symbol.iterator]();
    this.#describe = describe;
    this.#next = this.#locks.next();
  }

  /** Whether there is no lock left that is not in a frame. */
  get isComplete(): boolean {
    return this.#next.done === true;
  }

  /** Goes on with the next frame. Returns whether that is ready to be taken. */
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
