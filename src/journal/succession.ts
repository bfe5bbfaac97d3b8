/** How a term continues the one before it. */
export type Succession =
  /** As after a restart. The server row says all that is known of the time that has passed. */
  | { readonly kind: 'restart' }
  /** A process on another machine may have led the term before. */
  | {
      readonly kind: 'take_over';
      /**
       * Where the timeline of the term before stands: instant minus monotonic clock of this process, in whole milliseconds. That timeline
       * may be a little further on, and is not behind.
       */
      readonly lineOffsetMs: number;
    };

export const RESTART: Succession = { kind: 'restart' };
