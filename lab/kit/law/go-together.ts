/**
 * Whether leases may hold one lock at the same time. Models, invariants and proofs all ask here, so that what a lock is stands in one
 * place beside the law. Every lease is exclusive: it goes with no other.
 */
export function goTogether(leases: readonly unknown[]): boolean {
  return leases.length <= 1;
}
