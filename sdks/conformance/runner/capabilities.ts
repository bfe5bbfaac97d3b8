/**
 * What not all SDKs can do yet:
 *
 * - `several_servers`: takes several base URLs, and follows the rules for services that run on several servers.
 * - `kinds_of_locks`: has shared and counted locks, several locks under one lease, conversions, breaks, requests for a release, fences, proofs and queues.
 * - `token_function`: takes a function that gives the token.
 */
export const CAPABILITIES = ['several_servers', 'kinds_of_locks', 'token_function'] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** The scenarios that an SDK can run, and those that it does not support yet. */
export function divided<T extends { readonly needs?: Capability | undefined }>(
  scenarios: readonly T[],
  { capabilities }: { readonly capabilities: readonly Capability[] },
): { readonly possible: T[]; readonly beyond: T[] } {
  const isPossible = ({ needs }: T): boolean => needs === undefined || capabilities.includes(needs);
  return {
    possible: scenarios.filter(isPossible),
    beyond: scenarios.filter((scenario) => !isPossible(scenario)),
  };
}
