/** Differences below this are less than the `Date` header can tell. */
const NOTICEABLE_MS = 1500;

let offsetMs = 0;

/** Learns from a reply how far the clock of this computer is from that of the server. `date` has whole seconds only. */
export function noteServerTime(date: string | null, sentAtMs: number, receivedAtMs: number): void {
  const serverMs = Date.parse(date ?? '');
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs + 500 - (sentAtMs + receivedAtMs) / 2;
  offsetMs = Math.abs(difference) < NOTICEABLE_MS ? 0 : difference;
}

/** The time by the clock of the server, in milliseconds, as well as this tab knows it. */
export function serverNowMs(): number {
  return Date.now() + offsetMs;
}
