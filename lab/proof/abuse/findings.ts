import type { Figures } from '../proof.js';

/** What an attack found: violations, and figures that it measured. */
export class Findings {
  readonly violations: string[] = [];
  readonly figures: Record<string, number | string> = {};

  /** Adds a violation unless the condition is met. */
  expect(condition: boolean, violation: string): void {
    if (!condition) this.violations.push(violation);
  }

  addFigures(figures: Figures): void {
    Object.assign(this.figures, figures);
  }
}
