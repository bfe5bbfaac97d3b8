import type { Language } from './languages.js';
import type { Lateness } from './lateness.js';
import { linesOf, Tally } from './report.js';
import type { Scenario } from './scenario.js';
import type { Section } from './sections.js';
import type { Slots } from './slots.js';
import { Suite, type Result } from './suite.js';
import { TestServer } from './test-server.js';

/** The scenarios of one SDK, round by round. */
export class Trial {
  readonly #tally = new Tally();

  private constructor(
    readonly language: Language,
    private left: readonly Scenario[],
    private readonly testServer: TestServer,
    private readonly suite: Suite,
  ) {}

  static async start(language: Language, scenarios: readonly Scenario[], lateness: Lateness): Promise<Trial> {
    const testServer = await TestServer.start();
    return new Trial(language, scenarios, testServer, new Suite(language, testServer, lateness));
  }

  /** Whether the outcome of every scenario is certain. */
  get hasEnded(): boolean {
    return this.left.length === 0;
  }

  get hasFailed(): boolean {
    return this.#tally.failed > 0;
  }

  /** Runs the scenarios whose outcome is not certain yet. */
  async run(round: number, slots: Slots, section: Section): Promise<void> {
    const { name } = this.language;
    const startedAt = Date.now();
    section.write(`${name}: ${this.left.length} scenarios${round === 1 ? '' : ' again'}\n`);
    const onResult = (result: Result): void => {
      this.#tally.add(result);
      section.write(linesOf(result));
    };
    this.left = await this.suite.run(this.left, round, slots, onResult);
    if (this.hasEnded) {
      await this.suite.end(onResult);
      await this.testServer.stop();
    }
    const again = this.hasEnded ? '' : `, ${this.left.length} to be repeated`;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    section.write(`${name}: ${this.#tally.toString()}${again}, ${seconds} s\n\n`);
    section.end();
  }
}
