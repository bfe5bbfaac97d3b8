import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWK, type JWTPayload } from 'jose';
import { MISBEHAVIOURS, type Misbehaviour } from './github-misbehaviour.js';

/** The parts of a provider that a sign-in uses. */
export type OidcPart = 'discovery' | 'token' | 'keys' | 'userinfo';

/** How ID tokens are signed. */
export type Signing = 'properly' | 'not at all' | 'with the public key as a secret' | 'with a foreign key';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

interface Key {
  readonly kid: string;
  readonly privateKey: PrivateKey;
  readonly jwk: JWK;
}

interface Code {
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly redirectUri: string;
}

const TOKEN_SECONDS = 300;

/** A test double of an OpenID Connect provider on 127.0.0.1. The user agrees at once. It also misbehaves on demand. */
export class OidcDouble {
  readonly clientId = 'octostore';
  readonly clientSecret = 'a-secret-that-only-the-server-knows';
  /** What the provider says about the user who signs in, in the ID token. */
  claims: Record<string, unknown> = {};
  /** The same, at the userinfo endpoint. Null if there is no such endpoint. */
  userinfo: Record<string, unknown> | null = null;
  /** Changes the ID token before it is signed. */
  forge: (payload: JWTPayload) => JWTPayload = (payload) => payload;
  /** Changes what the provider says about itself. */
  describe: (metadata: Record<string, unknown>) => Record<string, unknown> = (metadata) => metadata;
  signing: Signing = 'properly';
  /** Whether a refresh token is valid. */
  refreshes = true;
  readonly paths: string[] = [];
  readonly #server: Server;
  readonly #arrivals = new EventEmitter();
  readonly #codes = new Map<string, Code>();
  readonly #misbehaviours = new Map<OidcPart, Misbehaviour>();
  #refreshToken = '';
  #key: Key;

  private constructor(key: Key) {
    this.#key = key;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.behave();
  }

  static async start(): Promise<OidcDouble> {
    const double = new OidcDouble(await newKey());
    double.#server.listen(0, '127.0.0.1');
    await once(double.#server, 'listening');
    return double;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The settings that make a server use this double. */
  get environment(): Record<string, string> {
    return {
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: this.clientId,
      OIDC_CLIENT_SECRET: this.clientSecret,
    };
  }

  misbehave(part: OidcPart, how: Misbehaviour): void {
    this.#misbehaviours.set(part, how);
  }

  behave(): void {
    this.#misbehaviours.clear();
    this.claims = { sub: '248289761001', preferred_username: 'ada', groups: ['ops'] };
    this.userinfo = null;
    this.forge = (payload) => payload;
    this.describe = (metadata) => metadata;
    this.signing = 'properly';
    this.refreshes = true;
    this.paths.length = 0;
  }

  /** Signs with another key from now on, and publishes only that one. */
  async rotateKey(): Promise<void> {
    this.#key = await newKey();
  }

  /** Resolves when a request has arrived in full. */
  async nextRequest(): Promise<void> {
    await once(this.#arrivals, 'request');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const form = new URLSearchParams(await textOf(request));
    this.paths.push(url.pathname);
    this.#arrivals.emit('request');
    const part = PARTS.get(url.pathname);
    const misbehaviour = part === undefined ? undefined : this.#misbehaviours.get(part);
    if (misbehaviour !== undefined) MISBEHAVIOURS[misbehaviour](response);
    else if (url.pathname === '/authorize') this.#authorize(url.searchParams, response);
    else if (part === 'discovery') json(response, 200, this.describe(this.#metadata()));
    else if (part === 'keys') json(response, 200, { keys: [this.#key.jwk] });
    else if (part === 'token') await this.#token(request, form, response);
    else if (part === 'userinfo' && this.userinfo !== null) json(response, 200, this.userinfo);
    else json(response, 404, { error: 'not_found' });
  }

  #metadata(): Record<string, unknown> {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/keys`,
      ...(this.userinfo === null ? {} : { userinfo_endpoint: `${this.url}/userinfo` }),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    };
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri');
    if (query.get('client_id') !== this.clientId || redirectUri === null) {
      json(response, 400, { error: 'invalid_request' });
      return;
    }
    const code = randomBytes(16).toString('hex');
    this.#codes.set(code, {
      redirectUri,
      challenge: query.get('code_challenge'),
      nonce: query.get('nonce'),
    });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: target.href }).end();
  }

  async #token(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): Promise<void> {
    if (basicOf(request) !== `${this.clientId}:${this.clientSecret}`) {
      json(response, 401, { error: 'invalid_client' });
    } else if (form.get('grant_type') === 'refresh_token') {
      const isKnown = this.refreshes && form.get('refresh_token') === this.#refreshToken;
      if (isKnown) json(response, 200, await this.#tokens(null));
      else json(response, 400, { error: 'invalid_grant' });
    } else {
      const code = this.#redeemed(form);
      if (code === null) json(response, 400, { error: 'invalid_grant' });
      else json(response, 200, await this.#tokens(code.nonce));
    }
  }

  #redeemed(form: URLSearchParams): Code | null {
    const code = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    if (code === undefined || form.get('redirect_uri') !== code.redirectUri) return null;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return challenge === code.challenge ? code : null;
  }

  /** Each refresh token is valid once, as with many providers. */
  async #tokens(nonce: string | null): Promise<object> {
    this.#refreshToken = randomBytes(16).toString('hex');
    return {
      access_token: randomBytes(16).toString('hex'),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      refresh_token: this.#refreshToken,
      id_token: await this.#idToken(nonce),
    };
  }

  async #idToken(nonce: string | null): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = this.forge({
      iss: this.url,
      aud: this.clientId,
      iat: now,
      exp: now + TOKEN_SECONDS,
      ...(nonce === null ? {} : { nonce }),
      ...this.claims,
    });
    return this.#signed(payload);
  }

  async #signed(payload: JWTPayload): Promise<string> {
    const { kid, privateKey, jwk } = this.#key;
    const header = { alg: 'RS256', kid };
    if (this.signing === 'properly') return signed(payload, privateKey, header);
    if (this.signing === 'not at all') return new UnsecuredJWT(payload).encode();
    if (this.signing === 'with a foreign key') return signed(payload, (await newKey()).privateKey, header);
    return signed(payload, Buffer.from(JSON.stringify(jwk)), { ...header, alg: 'HS256' });
  }
}

const PARTS = new Map<string, OidcPart>([
  ['/.well-known/openid-configuration', 'discovery'],
  ['/token', 'token'],
  ['/keys', 'keys'],
  ['/userinfo', 'userinfo'],
]);

/** The client and its secret, as OAuth writes them: encoded as in a form. */
function basicOf(request: IncomingMessage): string {
  const basic = request.headers.authorization?.replace('Basic ', '') ?? '';
  return decodeURIComponent(Buffer.from(basic, 'base64').toString());
}

async function newKey(): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomBytes(8).toString('hex');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function signed(
  payload: JWTPayload,
  key: PrivateKey | Uint8Array,
  header: { alg: string; kid: string },
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
