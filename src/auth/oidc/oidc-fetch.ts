import { Agent } from 'undici';
import type { CustomFetch, FetchBody } from 'openid-client';
import type { Clock } from '../../clock/clock.js';
import { contextTrusting } from '../../http/tls/trusted-certificates.js';
import { sendLimited, type LimitedAnswer } from '../sign-in/limited-request.js';

/** Maximum size of a response, in bytes. Some providers have dozens of keys with certificates. */
const SIZE_LIMIT = 512 * 1024;

/** Statuses whose responses have no body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** How `openid-client` sends its requests: with limits, and without following redirects. Throws `ConfigError` if the file is unusable. */
export function oidcFetch(clock: Clock, caFile: string | null): CustomFetch {
  const dispatcher =
    caFile === null
      ? {}
      : {
          dispatcher: new Agent({ connect: { secureContext: contextTrusting('OIDC_CA_FILE', caFile) } }),
        };
  return async (url, { method, headers, body }) => {
    const sent = { method: method === 'POST' ? 'POST' : 'GET', url, headers, body: textOf(body) } as const;
    return responseOf(await sendLimited(clock, { ...sent, sizeLimit: SIZE_LIMIT, ...dispatcher }));
  };
}

function textOf(body: FetchBody): string | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('the body of a request to the provider is always a form');
}

function responseOf({ status, headers, text }: LimitedAnswer): Response {
  const known = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as [string, string]],
  );
  return new Response(WITHOUT_BODY.has(status) ? null : text, { status, headers: known });
}
