import type { Secret } from './secret.js';
import type { Witness } from './witness.js';

interface Access {
  readonly token: string;
  readonly adminKey: string;
}

const HEADERS = [
  'x-admin-key',
  'cookie',
  'last-event-id',
  'origin',
  'referer',
  'user-agent',
  'content-type',
  'x-forwarded-for',
];

/** Has clients send a secret wherever a client can send something by mistake, and get an error for it, mostly. */
export async function misplace(witness: Witness, { text }: Secret, access: Access): Promise<void> {
  const { token } = access;
  const inPath = encodeURIComponent(text);
  for (const path of ['/nothing/', '/locks/', '/sessions/', '/webhooks/', '/'])
    await witness.ask('GET', path + inPath, { token });
  for (const query of [
    `prefix=${inPath}%00`,
    `${inPath}=1`,
    `cursor=${inPath}`,
    `limit=${inPath}`,
    `owner=${inPath}`,
    `token=${inPath}`,
  ])
    await witness.ask('GET', `/locks?${query}`, { token });
  for (const name of HEADERS) await witness.ask('GET', '/admin/status', { token, headers: { [name]: text } });
  for (const authorization of [`Bearer ${text}x`, `Basic ${text}`, text, `Bearer ${text} ${text}`])
    await witness.ask('GET', '/locks', { headers: { authorization } });
  await witness.ask('POST', `/auth/token/rotate?access_token=${inPath}`);
  await witness.ask('GET', `/auth/github/callback?code=${inPath}&state=${inPath}&error=${inPath}`);
  await misplaceInBodies(witness, text, token);
  await witness.mumble(`${text}\r\n\r\n`);
  await witness.mumble(`GET /locks HTTP/1.1\r\nauthorization Bearer ${text}\r\n\r\n`);
}

async function misplaceInBodies(witness: Witness, text: string, token: string): Promise<void> {
  const json = JSON.stringify(text);
  const bodies: Readonly<Record<string, readonly string[]>> = {
    '/locks/a/acquire': [`{"ttl_seconds":${json}}`, `{${json}:1}`, `{"metadata":${json}`, json, text],
    '/locks/a/release': [`{"lease_id":${json},"x":1}`, `{"lease_id":"${text}"`, `[${json}]`],
    '/locks/a/renew': [`{"lease_id":${json},"ttl_seconds":0}`],
    '/sessions': [`{"ttl_seconds":${json}}`],
    '/webhooks': [
      `{"url":"http://user:${encodeURIComponent(text)}@example.invalid/"}`,
      `{"url":"https://user:${encodeURIComponent(text)}@example.invalid/"}`,
      `{"url":${json},"secret":${json}}`,
      `{"url":"https://192.0.2.1/","secret":${json},"events":[${json}]}`,
      `{"url":"https://192.0.2.1/","lock_pattern":"${text} "}`,
    ],
  };
  for (const [path, texts] of Object.entries(bodies))
    for (const body of texts) await witness.ask('POST', path, { token, body });
}
