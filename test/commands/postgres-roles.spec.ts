import { Logger } from '@nestjs/common';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Roles } from '../../src/cli/server/postgres/roles.js';
import { loadConfig } from '../../src/config/config.js';
import { locateDatabase } from '../../src/installation/database-location.js';
import { PostgresLocation } from '../../src/installation/postgres-location.js';
import type { Leader } from '../../src/journal/shared-database.js';
import { oneKey } from '../../src/secrets/secret-keys.js';
import { ManualClock } from '../support/manual-clock.js';

const OTHER: Leader = { url: 'http://10.0.0.2:3000', reign: 'its-reign' };
const LOOK_EVERY_MS = 100;

/** What a server has seen of the others. */
const journal = {
  reign: 'own-reign',
  leader: null as Leader | null,
  hasSeenCommit: false,
  advertise: () => Promise.resolve(),
};

let logged: string[];
let clock: ManualClock;
let roles: Roles;

beforeEach(async () => {
  logged = [];
  const spy = vi.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => {
    logged.push((line as { message: string }).message);
  });
  onTestFinished(() => spy.mockRestore());
  Object.assign(journal, { leader: null, hasSeenCommit: false });
  clock = new ManualClock();
  const secretKey = 'k'.repeat(32);
  const config = loadConfig({
    DATABASE_URL: 'postgres://octo@db/locks?sslmode=disable',
    SECRET_KEY: secretKey,
  });
  const location = await locateDatabase(config.DATABASE_URL);
  if (!(location instanceof PostgresLocation)) throw new Error('not a PostgreSQL database');
  const database = { cluster: () => Promise.reject(new Error('not used')) };
  const place = { config, location, keys: oneKey(secretKey), database };
  roles = new Roles(place, journal, 'http://10.0.0.1:3000', clock);
});

function follow(leader: Leader): void {
  journal.leader = leader;
  roles.follows(leader);
}

const WAITING = /^Another server led on this database last\. Waiting up to 3 seconds/;
const STANDING_BY = [expect.stringMatching(/^Another server leads/), 'OctoStore is ready'];

test('a leader is named once it has been seen to write', () => {
  follow(OTHER);
  clock.advance(20 * LOOK_EVERY_MS);
  expect(logged).toEqual([expect.stringMatching(WAITING)]);
  journal.hasSeenCommit = true;
  clock.advance(LOOK_EVERY_MS);
  expect(logged.slice(1)).toEqual(STANDING_BY);
});

test('a leader that was lost with all servers is not named', () => {
  follow(OTHER);
  journal.leader = null;
  journal.hasSeenCommit = true;
  clock.advance(20 * LOOK_EVERY_MS);
  expect(logged).toEqual([expect.stringMatching(WAITING)]);
});

test('after that, a new leader is named at once', () => {
  journal.hasSeenCommit = true;
  follow(OTHER);
  expect(logged).toEqual(STANDING_BY);
});
