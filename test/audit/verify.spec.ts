import { array, assert, constantFrom, nat, pre, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditChain } from '../../src/audit/audit-chain.js';
import { exportedLine, factsOf, hashOf, type AuditHead } from '../../src/audit/audit-record.js';
import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { canonicalJson, type JsonObject } from '../../src/journal/canonical-json.js';
import type { Journal } from '../../src/journal/journal.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { entryOn, verify } from './audit-fixture.js';

const EMPTY = { page: () => Promise.resolve([]) } as unknown as Journal;

async function chainOf(facts: readonly JsonObject[]): Promise<string[]> {
  const chain = await AuditChain.load(EMPTY, 0);
  const rows = new RowChanges();
  for (const one of facts) rows.record(one);
  chain.seal(rows);
  return rows.of('audit_records').put.map(exportedLine);
}

const chain = await chainOf(['a', 'b', 'c', 'd', 'e'].map((id) => factsOf(entryOn(id), 1_764_000_000_000)));

function headOf(lines: readonly string[]): AuditHead {
  return verify(lines).head;
}

/** A record with another content and the hash that fits it. */
function forged(line: string | undefined, changes: JsonObject): string {
  const { hash: _, ...record } = JSON.parse(line ?? '') as Record<string, string>;
  const changed = { ...record, ...changes };
  return canonicalJson({ ...changed, hash: hashOf(canonicalJson(changed)) });
}

test('a chain that no one has touched has no flaw', () => {
  expect(verify(chain)).toMatchObject({ records: 5, first: 1, flaw: null, head: { number: 5 } });
  expect(verify([])).toMatchObject({ records: 0, first: null, flaw: null, head: { number: 0 } });
});

describe('the first record that is not right is named', () => {
  const [a, b, c, d, e] = chain as [string, string, string, string, string];
  test.each([
    ['changed', 3, [a, b, c.replace('local:ci', 'local:xx'), d, e]],
    ['changed, with a new hash', 4, [a, b, forged(c, { action: 'sign_in' }), d, e]],
    ['removed', 3, [a, b, d, e]],
    ['removed at the beginning', 1, [b, c, d, e]],
    ['added', 3, [a, b, forged(c, { token_id: 'x' }), c, d, e]],
    ['added twice', 2, [a, b, b, c, d, e]],
    ['reordered', 2, [a, c, b, d, e]],
    ['an empty line', 3, [a, b, '', c, d, e]],
    ['not JSON', 1, ['{', b, c]],
    ['a name twice', 2, [a, `{"action":"sign_in",${b.slice(1)}`, c, d, e]],
  ])('%s', (_, number, lines) => {
    expect(verify(lines).flaw).toMatchObject({ number });
  });
});

test('a cut-off end shows with a head', () => {
  const head = headOf(chain);
  expect(verify(chain.slice(0, 3)).flaw).toBeNull();
  expect(verify(chain.slice(0, 3), head).flaw).toMatchObject({ kind: 'cut_off', number: 4 });
  expect(verify([], head).flaw).toMatchObject({ kind: 'cut_off', number: 1 });
  expect(verify(chain, head).flaw).toBeNull();
  expect(verify(chain, headOf(chain.slice(0, 2))).flaw).toBeNull();
  const replaced = [...chain.slice(0, 4), forged(chain[4], { token_id: 'x' })];
  expect(verify(replaced).flaw).toBeNull();
  expect(verify(replaced, head).flaw).toMatchObject({ kind: 'other_head', number: 5 });
});

function pruneThrough({ number, hash }: AuditHead): JsonObject {
  const details = { through: { number, hash } };
  return factsOf(
    { action: 'audit.prune', origin: SERVER_ORIGIN, subject: null, outcome: 'ok', details },
    1_764_000_000_000,
  );
}

describe('records that were pruned', () => {
  test('may be missing if the server has recorded that', async () => {
    const facts = ['a', 'b', 'c'].map((id) => factsOf(entryOn(id), 1_764_000_000_000));
    const before = await chainOf(facts);
    const through = headOf(before.slice(0, 2));
    const lines = await chainOf([...facts, pruneThrough(through)]);
    expect(verify(lines.slice(2))).toMatchObject({ first: 3, flaw: null });
    expect(verify(lines.slice(2), headOf(lines)).flaw).toBeNull();
    expect(verify(lines.slice(3)).flaw).toMatchObject({ kind: 'removed', number: 3 });
  });
});

test('that records were pruned is not proven by what comes after the given head', async () => {
  const facts = ['a', 'b', 'c'].map((id) => factsOf(entryOn(id), 1_764_000_000_000));
  const before = await chainOf(facts);
  const prune = pruneThrough(headOf(before.slice(0, 2)));
  const lines = await chainOf([...facts, prune]);
  for (const head of [before.slice(0, 1), before.slice(0, 2), before].map(headOf)) {
    const { flaw } = verify(lines.slice(2), head);
    expect(flaw).toMatchObject({ kind: 'unproven_prune', number: 1 });
    expect(flaw?.sentence).toBe(
      `Record 1 and those up to 2 are missing. Record 4 says that the server has pruned them, but it comes after the given head ${head.number}. Use a newer head from the log.`,
    );
  }
  expect(verify(lines, headOf(before)).flaw).toBeNull();
});

test('a head from before a restore is explained', async () => {
  const facts = ['a', 'b', 'c', 'd'].map((id) => factsOf(entryOn(id), 1_764_000_000_000));
  const lost = headOf(await chainOf(facts));
  const from = headOf(await chainOf(facts.slice(0, 2)));
  const jump = factsOf(
    {
      action: 'database.jump',
      origin: SERVER_ORIGIN,
      subject: null,
      outcome: 'ok',
      details: { goes_on_from: { number: from.number, hash: from.hash } },
    },
    1_764_000_000_000,
  );
  const { flaw } = verify(await chainOf([...facts.slice(0, 2), jump, ...facts.slice(2)]), lost);
  expect(flaw?.sentence).toContain(
    'Record 3 says that the database goes on from an earlier state, with record 2.',
  );
});

test('every edit of a single character is found', () => {
  const text = chain.join('\n');
  assert(
    property(
      nat(text.length - 1),
      constantFrom('replace', 'insert', 'remove'),
      string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      (at, how, character) => {
        const edited =
          text.slice(0, at) +
          (how === 'remove' ? '' : character) +
          text.slice(how === 'insert' ? at : at + 1);
        pre(edited !== text);
        expect(verify(edited.split('\n')).flaw).not.toBeNull();
      },
    ),
    { numRuns: 500 },
  );
});

test('every other selection or order of the records is found with the head', () => {
  const head = headOf(chain);
  assert(
    property(array(nat(chain.length - 1), { maxLength: 8 }), (indexes) => {
      const lines = indexes.map((index) => chain[index] ?? '');
      pre(lines.join('\n') !== chain.join('\n'));
      expect(verify(lines, head).flaw).not.toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('canonical JSON is that of RFC 8785', () => {
  const value = {
    numbers: [333_333_333.333_333_3, 1e30, 4.5, 2e-3, 1e-27],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
    10: 1,
    9: 2,
  };
  expect(canonicalJson(value)).toBe(
    '{"10":1,"9":2,"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});
