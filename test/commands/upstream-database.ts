import { changeDatabase } from './database.js';

/** Users of the upstream server, with their tokens. */
export const ADA = {
  id: '3f0f9c60-8a44-4d5e-9f3c-0b6a1f1f7a01',
  token: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
};
export const CAROL = {
  id: '3f0f9c60-8a44-4d5e-9f3c-0b6a1f1f7a02',
  token: 'a-token-of-carol-from-static-tokens',
};
export const DAVE = { id: '3f0f9c60-8a44-4d5e-9f3c-0b6a1f1f7a03', token: 'octo_without_our_checksum' };
export const WEBHOOK = '6a1e0d8e-0f5a-4d8e-9a3b-000000000001';

const SINCE = '2026-02-12T01:00:00.123456789+00:00';

/** Which version of the upstream server made the file. The later one has more columns and tables. */
export type UpstreamVersion = 'first' | 'later';

/**
 * A database as the upstream server makes it: the same tables and columns, with users of each kind, webhooks that can be kept and
 * others that cannot, and a lock whose token is above the counter.
 */
export async function makeUpstreamDatabase(path: string, version: UpstreamVersion): Promise<void> {
  await changeDatabase(
    path,
    [
      usersTable(version),
      'create table fencing_counter (id integer primary key check (id = 1), counter integer not null default 0)',
      `create table locks (name text primary key, holder_id text not null, lease_id text not null,
         fencing_token integer not null, expires_at text not null, metadata text, acquired_at text not null)`,
      'insert into fencing_counter values (1, 40)',
      `insert into locks values ('deploy', '${ADA.id}', '${WEBHOOK}', 42, '${SINCE}', null, '${SINCE}')`,
      ...users(version),
      ...(version === 'later' ? LATER : []),
    ].join(';\n'),
  );
}

function usersTable(version: UpstreamVersion): string {
  const later = version === 'later' ? "namespace text, identity_source text not null default 'legacy'," : '';
  return `create table users (id text primary key, github_id integer not null unique, github_username text not null,
    token text not null unique, ${later} created_at text not null)`;
}

function users(version: UpstreamVersion): string[] {
  const columns = 'id, github_id, github_username, token, created_at';
  const plain = [
    `insert into users (${columns}) values ('${ADA.id}', 1815, 'ada', '${ADA.token}', '${SINCE}')`,
    `insert into users (${columns}) values ('${CAROL.id}', -77, 'carol', '${CAROL.token}', '${SINCE}')`,
    `insert into users (${columns}) values ('${DAVE.id}', -78, 'dave', '${DAVE.token}', '${SINCE}')`,
    `insert into users (${columns}) values ('00000000-0000-0000-0000-000000000000', 0, 'admin', 'fixed', '${SINCE}')`,
  ];
  if (version === 'first') return plain;
  return [
    ...plain,
    "update users set identity_source = 'oauth' where github_id > 0",
    "update users set identity_source = 'static', namespace = 'team-c' where github_username = 'carol'",
  ];
}

const LATER = [
  `create table webhooks (id text primary key, user_id text not null, url text not null, secret text, events text not null,
     lock_pattern text, created_at text not null, active integer not null default 1)`,
  webhook(1, 'https://hooks.example.com/octostore', `["acquired","released"]`),
  webhook(2, 'https://10.0.0.1/internal', `["*"]`),
  webhook(3, 'https://hooks.example.com/other', `["flag_changed"]`),
  'create table sessions (id text primary key, user_id text not null)',
  `insert into sessions values ('${WEBHOOK}', '${ADA.id}')`,
  'create table flags (name text primary key)',
  "insert into flags values ('dark-mode')",
];

function webhook(number: number, url: string, events: string): string {
  const id = `${WEBHOOK.slice(0, -1)}${number}`;
  return `insert into webhooks values ('${id}', '${ADA.id}', '${url}', 'the-secret-of-ada', '${events}', 'service/*', '${SINCE}', 1)`;
}
