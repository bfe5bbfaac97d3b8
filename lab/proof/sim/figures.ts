/** How often each thing happened in simulated runs. A run in which little happens proves little. */
export type Counts = {
  steps: number;
  simulatedMs: number;
  requests: number;
  grants: number;
  waits: number;
  grantsAfterWait: number;
  abandoned: number;
  renewals: number;
  releases: number;
  expiries: number;
  conversions: number;
  upgrades: number;
  brokenLeases: number;
  releaseRequests: number;
  coolings: number;
  fenceAdvances: number;
  staleTokens: number;
  refusals: number;
  crashes: number;
  reboots: number;
  stops: number;
  failedCommits: number;
  pauses: number;
  wallJumps: number;
  lostMessages: number;
  repeatedMessages: number;
  eventsRead: number;
  commits: number;
};

export function noCounts(): Counts {
  return {
    steps: 0,
    simulatedMs: 0,
    requests: 0,
    grants: 0,
    waits: 0,
    grantsAfterWait: 0,
    abandoned: 0,
    renewals: 0,
    releases: 0,
    expiries: 0,
    conversions: 0,
    upgrades: 0,
    brokenLeases: 0,
    releaseRequests: 0,
    coolings: 0,
    fenceAdvances: 0,
    staleTokens: 0,
    refusals: 0,
    crashes: 0,
    reboots: 0,
    stops: 0,
    failedCommits: 0,
    pauses: 0,
    wallJumps: 0,
    lostMessages: 0,
    repeatedMessages: 0,
    eventsRead: 0,
    commits: 0,
  };
}

/** Counts of any simulation, by name. */
export type AnyCounts = { [name in string]: number };

export function addCounts<C extends AnyCounts>(total: C, more: C): void {
  for (const name of Object.keys(total) as (keyof C & string)[])
    total[name] = ((total[name] ?? 0) + (more[name] ?? 0)) as C[typeof name];
}
