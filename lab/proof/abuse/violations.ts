import type { Attack, AttackContext } from './attack.js';

/** Runs an attack. Resolves with the violations. There are none if the server withstood it. */
export async function violationsOf(attack: Attack, context: AttackContext): Promise<readonly string[]> {
  try {
    await attack.run(context);
  } catch (error) {
    context.findings.violations.push(String(error));
  }
  return context.findings.violations;
}
