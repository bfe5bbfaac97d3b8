import { ClaimBroken, type Figures, type ProofContext } from './proof.js';

/**
 * Tries `count` of the planted bugs. The seed picks them, so that all get their turn. Throws `ClaimBroken` unless every bug that is
 * tried is found.
 *
 * @param evidenceOf resolves with the violation that revealed a bug. Null if none did.
 */
export async function findBugs<Bug extends { readonly name: string }>(
  bugs: readonly Bug[],
  count: number,
  { seed, reportProgress }: ProofContext,
  evidenceOf: (bug: Bug) => Promise<string | null>,
): Promise<Figures> {
  const tried = inTurn(bugs, seed, count);
  const found: Record<string, string> = {};
  for (const bug of tried) {
    const evidence = await evidenceOf(bug);
    reportProgress(`${bug.name}: ${evidence ?? 'MISSED'}`);
    if (evidence !== null) found[bug.name] = evidence;
  }
  const missed = tried.filter(({ name }) => found[name] === undefined).map(({ name }) => name);
  if (missed.length > 0) throw new ClaimBroken(`these bugs were not found: ${missed.join('; ')}`);
  return { 'bugs found': `${tried.length} of ${tried.length}`, ...found };
}

function inTurn<Bug>(bugs: readonly Bug[], seed: number, count: number): readonly Bug[] {
  const first = (seed * count) % Math.max(1, bugs.length);
  return [...bugs.slice(first), ...bugs.slice(0, first)].slice(0, count);
}
