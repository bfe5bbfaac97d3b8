import type { Attack, Stage } from './attack.js';

/** Runs an attack. Resolves with what must not be; nothing if the server stood it. */
export async function violationsOf(attack: Attack, stage: Stage): Promise<readonly string[]> {
  try {
    await attack.run(stage);
  } catch (error) {
    stage.findings.violations.push(String(error));
  }
  return stage.findings.violations;
}
