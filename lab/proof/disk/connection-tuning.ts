import sqlite3 from 'sqlite3';

type Exec = (this: sqlite3.Database, sql: string, done?: (error: Error | null) => void) => sqlite3.Database;

/** The last statement of the journal's connection setup. */
const SETUP_END = 'create temp view batch';

/** Makes every journal in this process run more SQL on its connection, after the setup and before first use. */
export function tuneJournals(sql: string): void {
  const { prototype } = sqlite3.Database;
  const exec: Exec = Reflect.get(prototype, 'exec');
  const tuned: Exec = function (text, done) {
    return exec.call(this, text.includes(SETUP_END) ? `${text}\n${sql};` : text, done);
  };
  Reflect.set(prototype, 'exec', tuned);
}
