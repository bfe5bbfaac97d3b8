import { setTimeout as pause } from 'node:timers/promises';

/** How long a request may take, apart from its wait in line. */
const TIMEOUT_MS = 15_000;

/** How many seconds one request waits in line. A longer wait takes several, which keep the place. */
const WAIT_SLICE_SECONDS = 25;

/** The server did not do what was asked. `status` is 0 if it could not be reached. */
export class Refusal extends Error {
  name = 'Refusal';

  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The part of an OctoStore server that the action needs. */
export class Server {
  #token = null;
  #getToken;

  /** @param getToken resolves with a token, and is called again when the server no longer accepts the last one. */
  constructor(url, getToken) {
    this.url = url.replace(/\/+$/, '');
    this.#getToken = getToken;
  }

  /** Acquires all locks under one lease, and waits in line for them. Throws `Refusal`. */
  async acquire(lease, waitSeconds) {
    const until = Date.now() + waitSeconds * 1000;
    for (;;) {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      const wait_seconds = Math.min(WAIT_SLICE_SECONDS, left);
      try {
        return await this.ask('POST', '/leases', { ...lease, wait_seconds }, wait_seconds * 1000);
      } catch (error) {
        if (left === 0 || !(error.status === 409 || error.isTemporary)) throw error;
        if (error.isTemporary) await pause(1000);
      }
    }
  }

  renew(leaseId, ttl_seconds) {
    return this.ask('POST', `/leases/${leaseId}/renew`, { ttl_seconds });
  }

  release(leaseId) {
    return this.ask('DELETE', `/leases/${leaseId}`);
  }

  /** Sends a request, with another token if the last one has ended. Throws `Refusal`. */
  async ask(method, path, body, extraMs = 0) {
    const hadToken = this.#token !== null;
    this.#token ??= await this.#getToken(this);
    try {
      return await send(method, `${this.url}${path}`, { body, token: this.#token, extraMs });
    } catch (error) {
      if (error.status !== 401 || !hadToken) throw error;
      this.#token = null;
      return this.ask(method, path, body, extraMs);
    }
  }
}

/** A function that gets a token for the job: the one that was given, or one in exchange for the OIDC token of the job. */
export function tokenSource({ token, audience, url, environment }) {
  if (token !== '') return async () => token;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } =
    environment;
  if (!requestUrl || !requestToken) {
    throw new Refusal('The job may not get an OIDC token. Give it "permissions: { id-token: write }".', 0);
  }
  return async (server) => {
    const from = new URL(requestUrl);
    from.searchParams.set('audience', audience || url);
    const { value } = await send('GET', from.href, { token: requestToken });
    const { access_token } = await send('POST', `${server.url}/auth/exchange`, {
      body: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        subject_token: value,
      },
    });
    return access_token;
  };
}

async function send(method, url, { body, token, extraMs = 0 }) {
  const response = await fetch(url, {
    method,
    // The token is for this server alone.
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS + extraMs),
  }).catch((error) => {
    throw new Refusal(
      `${new URL(url).origin} cannot be reached: ${error.cause?.message ?? error.message}.`,
      0,
    );
  });
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer;
  throw new Refusal(sentenceOf(answer, response.status), response.status, answer.code);
}

/** Who has it or why it ended, where the server says so. */
function sentenceOf({ error, details, lock, metadata, reason, broken_by: brokenBy }, status) {
  if (typeof lock?.holder === 'string')
    return `${lock.name} is held by ${lock.holder} until ${lock.expires_at}${metadata ? ` ("${metadata}")` : ''}.`;
  if (reason !== undefined) return `${brokenBy} ended the lease: "${reason}".`;
  return [error ?? `The server answered with the status ${status}.`, details].filter(Boolean).join(' ');
}

function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
