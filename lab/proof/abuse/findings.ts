import type { Figures } from '../proof.js';

/** What an attack found: what must not be, and what it measured on the way. */
export class Findings {
  readonly violations: string[] = [];
  readonly figures: Record<string, number | string> = {};

  /** Notes a violation unless something is so. */
  expect(isSo: boolean, violation: string): void {
    if (!isSo) this.violations.push(violation);
  }

  note(figures: Figures): void {
    Object.assign(this.figures, figures);
  }
}
