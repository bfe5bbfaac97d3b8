import { expect, test } from 'vitest';
import type { GraceRecord } from '../../src/core/grace.js';
import { UnusableDatabaseError } from '../../src/journal/errors.js';
import { graceRecordFromText, graceRecordToText } from '../../src/store/load/stored-graces.js';
import { instant } from '../support/law.js';

const RECORD: GraceRecord = {
  began: instant(7_000),
  graces: [
    { lastInstant: instant(1_000), now: instant(2_000), seconds: 10 },
    { lastInstant: instant(3_000), now: instant(4_000), seconds: 0 },
  ],
};

test('graces are the same after they were stored', () => {
  const text = graceRecordToText(RECORD);
  expect(text).toBe('{"began":7000,"graces":[[1000,2000,10],[3000,4000,0]]}');
  expect(graceRecordFromText(text)).toEqual(RECORD);
});

test('a database that has never been led has none', () => {
  expect(graceRecordFromText(null)).toBeNull();
});

test.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['without a beginning', '{"graces":[]}'],
  ['with a beginning that is a text', '{"began":"7000","graces":[]}'],
  ['without graces', '{"began":7000}'],
  ['with a grace of nothing', '{"began":7000,"graces":[[]]}'],
  ['with a grace of one number', '{"began":7000,"graces":[[1000]]}'],
  ['with a grace of two numbers', '{"began":7000,"graces":[[1000,2000]]}'],
  ['with a grace of texts', '{"began":7000,"graces":[["1000",2000,10]]}'],
  ['with a grace that is a fraction', '{"began":7000,"graces":[[1000,2000,0.5]]}'],
])('a text %s is refused, and shown in part', (_, text) => {
  const read = (): unknown => graceRecordFromText(text.padEnd(200));
  expect(read).toThrow(UnusableDatabaseError);
  const shown = text.padEnd(200).slice(0, 100);
  expect(read).toThrow(
    `The column "graces" of the table "server" is not valid: ${shown}. Restore a backup of the database.`,
  );
});
