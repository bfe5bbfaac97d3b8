/** An event that a stream has sent, without its times: each replica presents them by its own wall clock. */
export interface SeenEvent {
  readonly sequence: number;
  readonly event: string;
  readonly lock: string;
  readonly token: number | null;
}

/** All events that any stream has sent. */
export class EventBook {
  readonly #known = new Map<number, string>();
  readonly #acquired = new Set<string>();

  /** Returns a sentence if another stream has sent something else with this number. */
  add(event: SeenEvent, stream: string): string | null {
    const text = textOf(event);
    const before = this.#known.get(event.sequence) ?? text;
    this.#known.set(event.sequence, before);
    if (event.event === 'acquired') this.#acquired.add(keyOf(event));
    return before === text ? null : `event ${event.sequence} is "${text}" for ${stream}, and was "${before}"`;
  }

  hasGrant(grant: Pick<SeenEvent, 'lock' | 'token'>): boolean {
    return this.#acquired.has(keyOf(grant));
  }
}

function textOf({ event, lock, token }: SeenEvent): string {
  return `${event} ${lock} ${token}`;
}

function keyOf({ lock, token }: Pick<SeenEvent, 'lock' | 'token'>): string {
  return `${token} ${lock}`;
}
