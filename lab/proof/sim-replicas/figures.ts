/** How often each thing happened in simulated runs with replicas. */
export type ReplicaCounts = ReturnType<typeof noCounts>;

export function noCounts() {
  return {
    steps: 0,
    simulatedMs: 0,
    requests: 0,
    grants: 0,
    renewals: 0,
    reads: 0,
    refusals: 0,
    expiries: 0,
    commits: 0,
    terms: 0,
    lostTerms: 0,
    crashes: 0,
    stops: 0,
    pauses: 0,
    cutOffs: 0,
    wallJumps: 0,
    failOvers: 0,
    restarts: 0,
    cancelledWaits: 0,
    lostCommits: 0,
    wholeTermsLost: 0,
    lostMessages: 0,
    repeatedMessages: 0,
  };
}
