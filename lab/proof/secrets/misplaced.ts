import type { Secret } from './secret.js';
import type { ApiClient } from './api-client.js';

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

/** Sends a secret in all the wrong places where a client might send it by mistake. Most attempts result in an error. */
export async function sendMisplaced(client: ApiClient, { text }: Secret, access: Access): Promise<void> {
  const { token } = access;
  const inPath = encodeURIComponent(text);
  for (const path of ['/nothing/', '/locks/', '/sessions/', '/webhooks/', '/'])
    await client.send('GET', path + inPath, { token });
  for (const query of [
    `prefix=${inPath}%00`,
    `${inPath}=1`,
    `cursor=${inPath}`,
    `limit=${inPath}`,
    `owner=${inPath}`,
    `token=${inPath}`,
  ])
    await client.send('GET', `/locks?${query}`, { token });
  for (const name of HEADERS) await client.send('GET', '/admin/status', { token, headers: { [name]: text } });
  for (const authorization of [`Bearer ${text}x`, `Basic ${text}`, text, `Bearer ${text} ${text}`])
    await client.send('GET', '/locks', { headers: { authorization } });
  await client.send('POST', `/auth/token/rotate?access_token=${inPath}`);
  await client.send('GET', `/auth/github/callback?code=${inPath}&state=${inPath}&error=${inPath}`);
  await sendMisplacedInBodies(client, text, token);
  await client.sendRaw(`${text}\r\n\r\n`);
  await client.sendRaw(`GET /locks HTTP/1.1\r\nauthorization Bearer ${text}\r\n\r\n`);
}

async function sendMisplacedInBodies(client: ApiClient, text: string, token: string): Promise<void> {
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
    for (const body of texts) await client.send('POST', path, { token, body });
}
