import { beforeEach, describe, expect, test } from 'vitest';
import { acquire, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000' });

/** Tokens that were issued, in ascending order. */
let tokens: readonly [number, number, number];

beforeEach(async () => {
  const issued: number[] = [];
  for (let number = 0; number < 3; number += 1) issued.push((await acquire(suite.alice)).token);
  tokens = issued as [number, number, number];
});

const advance = (name: string, fencing_token: unknown, client = suite.alice) =>
  client.post(`/fences/${name}/advance`, { fencing_token });

const check = (name: string, fencing_token: unknown, client = suite.alice) =>
  client.post(`/fences/${name}/check`, { fencing_token });

const get = (name: string, client = suite.alice) => client.get(`/fences/${name}`);

const remove = (name: string, client = suite.operator) => client.delete(`/fences/${name}`);

const passed = (name: string, highest: number) => ({ status: 200, body: { name, highest } });
const stale = (highest: number) => ({ status: 409, body: { code: 'stale_fencing_token', highest } });

describe('POST /fences/{name}/advance', () => {
  test('lets a token pass that is at least the highest, and refuses a lower one with the highest', async () => {
    const [low, middle, high] = tokens;
    const name = newName('fence');
    expect(await advance(name, middle)).toMatchObject(passed(name, middle));
    expect(await advance(name, middle)).toMatchObject(passed(name, middle));
    expect(await advance(name, low)).toMatchObject(stale(middle));
    expect(await advance(name, high)).toMatchObject(passed(name, high));
    expect(await advance(name, middle)).toMatchObject(stale(high));
  });

  test('may be called by anyone, about a token of anyone', async () => {
    const name = newName('fence');
    expect(await advance(name, tokens[1], suite.bob)).toMatchObject(passed(name, tokens[1]));
    expect(await advance(name, tokens[0], suite.alice)).toMatchObject(stale(tokens[1]));
  });

  test('accepts the name with raw and with encoded slashes', async () => {
    const name = `${newName('gpu')}/3`;
    await advance(name, tokens[1]);
    expect(await advance(encodeURIComponent(name), tokens[0])).toMatchObject(stale(tokens[1]));
  });

  test('accepts names that end like its own routes', async () => {
    for (const stem of ['advance', 'check']) {
      const name = `${newName('fence')}/${stem}`;
      expect(await advance(name, tokens[0])).toMatchObject(passed(name, tokens[0]));
      expect(await get(name)).toMatchObject(passed(name, tokens[0]));
    }
  });
});

describe('POST /fences/{name}/check', () => {
  test('answers as an advance would, and changes nothing', async () => {
    const [low, middle, high] = tokens;
    const name = newName('fence');
    await advance(name, middle);
    expect(await check(name, low)).toMatchObject(stale(middle));
    expect(await check(name, middle)).toMatchObject(passed(name, middle));
    expect(await check(name, high)).toMatchObject(passed(name, middle));
    expect(await get(name)).toMatchObject(passed(name, middle));
  });

  test('lets every token pass that was issued, if there is no such fence, and creates none', async () => {
    const name = newName('fence');
    expect(await check(name, tokens[0])).toMatchObject(passed(name, 0));
    expect(await remove(name)).toMatchObject({ status: 404, body: { code: 'fence_not_found' } });
  });
});

describe('a token', () => {
  test.each([
    ['advance', advance],
    ['check', check],
  ])('that was never issued is refused by %s', async (_, call) => {
    const last = tokens[2];
    const name = newName('fence');
    const reply = await suite.expectRefusal('validation_failed', () => call(name, last + 1));
    expect(reply.body['details']).toBe(
      `fencing_token must be a token that was issued. The last one is ${last}.`,
    );
    expect(await get(name)).toMatchObject(passed(name, 0));
  });

  test.each([0, -1, 1.5, '7', null, undefined, 2 ** 53])('of %j is not valid', async (token) => {
    await suite.expectRefusal('validation_failed', () => advance(newName('fence'), token));
    await suite.expectRefusal('validation_failed', () => check(newName('fence'), token));
  });
});

describe('the name of a fence', () => {
  test.each(['a b', 'a//b', 'a/..', 'a'.repeat(65)])('cannot be %j', async (name) => {
    const path = encodeURIComponent(name);
    const calls = [
      () => advance(path, tokens[0]),
      () => check(path, tokens[0]),
      () => get(path),
      () => remove(path),
    ];
    for (const call of calls) {
      const { body } = await suite.expectRefusal('validation_failed', call);
      expect(body['details']).toContain('fence name');
    }
  });
});

describe('GET /fences/{name}', () => {
  test('shows the highest token that anyone has advanced it to', async () => {
    const name = newName('fence');
    expect(await get(name)).toMatchObject(passed(name, 0));
    await advance(name, tokens[1]);
    expect(await get(name, suite.bob)).toMatchObject(passed(name, tokens[1]));
  });
});

describe('DELETE /fences/{name}', () => {
  test('makes an administrator’s fence forget what it has seen', async () => {
    const name = newName('fence');
    await advance(name, tokens[2]);
    expect(await remove(name)).toMatchObject({ status: 204 });
    expect(await get(name)).toMatchObject(passed(name, 0));
    expect(await advance(name, tokens[0])).toMatchObject(passed(name, tokens[0]));
  });

  test('is refused to everyone else, also to the user who created the fence', async () => {
    const name = newName('fence');
    await advance(name, tokens[1]);
    await suite.expectRefusal('admin_required', () => remove(name, suite.alice));
    await suite.expectRefusal('admin_required', () => remove(name, suite.bob));
    expect(await get(name)).toMatchObject(passed(name, tokens[1]));
  });
});
