/** Someone asked the holders of a lock to release it, and the server said that they would learn of it. */
export interface Asked {
  readonly lock: string;
  readonly callMs: number;
  readonly returnMs: number;
}

/** A holder renewed its lease. */
export interface Renewed {
  readonly lock: string;
  readonly actor: string;
  /** When the holder knew that it had the lease. */
  readonly grantedMs: number;
  readonly callMs: number;
  readonly returnMs: number;
  /** Whether the reply said that someone had asked for the lock. */
  readonly wasAsked: boolean;
}

/** Checks that holders learn of requests for their locks. The server keeps requests in memory, so they do not survive its end. */
export class Notices {
  readonly violations: string[] = [];
  /** Renewals that had to say that someone had asked for the lock, and did. */
  passedOn = 0;
  readonly #asked = new Map<string, Asked>();
  readonly #kills: number[] = [];

  asked(asked: Asked): void {
    this.#asked.set(asked.lock, asked);
  }

  /** Call this before the server is killed. */
  serverIsKilled(nowMs: number): void {
    this.#kills.push(nowMs);
  }

  renewed(renewed: Renewed): void {
    const asked = this.#asked.get(renewed.lock);
    if (asked === undefined || !this.#mustKnow(renewed, asked)) return;
    if (renewed.wasAsked) this.passedOn += 1;
    else this.violations.push(`${renewed.actor} was not told that someone asked for ${renewed.lock}`);
  }

  #mustKnow({ grantedMs, callMs, returnMs }: Renewed, asked: Asked): boolean {
    const isKilled = this.#kills.some((killMs) => killMs >= asked.callMs && killMs <= returnMs);
    return grantedMs < asked.callMs && asked.returnMs < callMs && !isKilled;
  }
}
