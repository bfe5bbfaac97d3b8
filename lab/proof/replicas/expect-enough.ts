import { FAULTS } from './attack.js';
import type { CampaignResult } from './campaign.js';

/** Throws unless a run had as many faults as planned, as many of each kind as that means, and take-overs by the fast replica. */
export function expectEnough(
  planned: number,
  { faults, takeOversByFast }: Pick<CampaignResult, 'faults' | 'takeOversByFast'>,
): void {
  const missing = shortcomings(planned, faults);
  if (takeOversByFast === 0) missing.push('the replica whose clock is fast never took over');
  if (missing.length > 0) throw new Error(`this run proves too little: ${missing.join('; ')}`);
}

function shortcomings(planned: number, faults: ReadonlyMap<string, number>): string[] {
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const least = Math.floor(planned / FAULTS.length);
  const rare = FAULTS.filter(({ name }) => (faults.get(name) ?? 0) < least);
  return [
    ...(total < planned ? [`${total} faults of ${planned}`] : []),
    ...rare.map(({ name }) => `${faults.get(name) ?? 0} times "${name}" instead of ${least}`),
  ];
}
