/** What became of a forwarded request. */
export const FORWARD_OUTCOMES = [
  /** The leader's answer was passed on, whatever it says. */
  'answered',
  /** No server led for too long. */
  'no_leader',
  /** The leader was lost before it answered. */
  'outcome_unknown',
  /** This server stopped before the request was answered. */
  'shutting_down',
  /** The answer broke off. */
  'broken',
  /** The client was gone before its answer. */
  'abandoned',
  /** The request cannot be forwarded. */
  'refused',
] as const;

export type ForwardOutcome = (typeof FORWARD_OUTCOMES)[number];

/** Observes what becomes of forwarded requests. */
export interface ForwardObserver {
  ended(outcome: ForwardOutcome): void;
  /** A request was held until a server led, or in vain. */
  held(durationMs: number): void;
}
