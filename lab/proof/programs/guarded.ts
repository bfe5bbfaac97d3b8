import { Connection, type Address } from '../../kit/http/connection.js';
import type { Report } from './messages.js';

/** An actor's connection to what the locks protect. */
export class Guarded {
  readonly #connection: Connection;

  constructor(
    address: Address,
    readonly actor: string,
  ) {
    this.#connection = new Connection(() => address, '');
  }

  /** Returns whether the actor may go on. */
  async report(report: Report): Promise<boolean> {
    const { status } = await this.#connection.post('/', report);
    return status === 200;
  }

  async done(): Promise<void> {
    await this.report({ kind: 'done', actor: this.actor });
  }

  async violation(what: string): Promise<void> {
    await this.report({ kind: 'violation', sentence: `${this.actor}: ${what}` });
  }
}
