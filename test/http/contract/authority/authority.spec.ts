import { beforeAll, describe, expect, test } from 'vitest';
import { ApiContract } from '../../../../lab/kit/http/schema.js';
import { ALICE, BOB } from '../../../support/server.js';
import { newName, useServer } from '../../suite.js';
import {
  ADMINISTRATOR,
  CALLERS,
  forgetTokens,
  makeActors,
  METRICS_KEY,
  NAMESAKE,
  type Actors,
  type CallerKind,
} from './callers.js';
import { readTable, type Row } from './read-table.js';
import { THINGS } from './things.js';

const suite = useServer({
  STATIC_TOKENS: `alice:${ALICE},bob:${BOB},${ADMINISTRATOR.login}:${NAMESAKE}`,
  ADMIN_USERS: ADMINISTRATOR.login,
  METRICS_KEY,
  MAX_LOCKS_PER_USER: '10000',
  MAX_FENCES_PER_USER: '10000',
  WEBHOOK_TESTS_PER_MINUTE: '10000',
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
});
const contract = ApiContract.load();
const table = readTable();
const callers = Object.entries(CALLERS);
let actors: Actors;

beforeAll(async () => {
  actors = await makeActors(suite.server);
});

async function ask({ route }: Row, caller: CallerKind): Promise<number> {
  const [method = '', template = ''] = route.split(' ');
  const headers = await caller.headers(actors);
  const { params = {}, query = '', body } = (await THINGS[route]?.(suite)) ?? {};
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
  const response = await fetch(suite.server.url + path + query, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

test('every route has a row in the table, and every row has a route', () => {
  const routes = contract.routes.map(({ method, template }) => `${method} ${template}`);
  expect(table.map(({ route }) => route).toSorted()).toEqual(routes.toSorted());
  expect(Object.keys(THINGS).filter((route) => !routes.includes(route))).toEqual([]);
});

test('every column of the table has a caller', () => {
  const own = callers.flatMap(([name, { like }]) => (like === undefined ? [name] : []));
  expect([...(table[0]?.statuses.keys() ?? [])]).toEqual(own);
});

describe.each(table)('$route', (row) => {
  const { route, statuses } = row;
  beforeAll(() => forgetTokens(actors));

  const expectations = callers.map(
    ([name, caller]) => [name, statuses.get(caller.like?.(statuses) ?? name), caller] as const,
  );

  test.each(expectations)('answers %s with %d', async (_, expected, caller) => {
    expect(await ask(row, caller)).toBe(expected);
  });

  test('has this access in the API document', () => {
    const [method = '', template = ''] = route.split(' ');
    const security = contract.routeOf(method, template.replace(/\{\w+\}/g, newName()))?.operation.security;
    const schemes = (security ?? []).flatMap((alternative) => Object.keys(alternative)).toSorted();
    expect(schemes).toEqual(schemesOf(statuses));
  });
});

function schemesOf(statuses: Row['statuses']): string[] {
  if (statuses.get('no one') !== 401) return [];
  const accepted = statuses.get('admin key') === 401 ? [] : ['adminKey'];
  return [...accepted, 'bearerAuth', 'browserSession'];
}
