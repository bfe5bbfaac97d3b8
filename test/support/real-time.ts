/** Milliseconds on the monotonic clock of this machine, which the server's deadlines follow too. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Resolves after a real time. For what has no event to wait for, such as a lease that must not end. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
