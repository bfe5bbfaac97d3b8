import sqlite3 from 'sqlite3';

type Exec = (this: sqlite3.Database, sql: string, done?: (error: Error | null) => void) => sqlite3.Database;

/** Marks the last thing that the journal sets up on its connection. */
const SET_UP = 'create temp view batch';

/** Has every journal of this process run more SQL on its own connection once it has set it up, and before it is used. */
export function tuneJournals(sql: string): void {
  const { prototype } = sqlite3.Database;
  const exec: Exec = Reflect.get(prototype, 'exec');
  const tuned: Exec = function (text, done) {
    return exec.call(this, text.includes(SET_UP) ? `${text}\n${sql};` : text, done);
  };
  Reflect.set(prototype, 'exec', tuned);
}
