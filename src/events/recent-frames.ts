/** How many of the newest frames are kept. These are the events that are being sent to streams now. */
const FRAMES_KEPT = 64;

/** The newest frames, by the sequences of their events. */
export class RecentFrames {
  /** Oldest first. */
  readonly #frames = new Map<number, Buffer>();

  get(sequence: number): Buffer | undefined {
    return this.#frames.get(sequence);
  }

  /** Returns the frame. */
  keep(sequence: number, frame: Buffer): Buffer {
    this.#frames.set(sequence, frame);
    if (this.#frames.size > FRAMES_KEPT) this.#forgetOldest();
    return frame;
  }

  #forgetOldest(): void {
    for (const sequence of this.#frames.keys()) {
      this.#frames.delete(sequence);
      return;
    }
  }
}
