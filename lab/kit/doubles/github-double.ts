import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MISBEHAVIOURS, type Misbehaviour } from './github-misbehaviour.js';

/** The parts of GitHub that a sign-in uses. */
export type GitHubPart = 'token' | 'user' | 'membership';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}

interface Code {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly issuedAtMs: number;
  readonly scope: string;
}

const CODE_LIFE_MS = 10 * 60 * 1000;

/**
 * A test double of GitHub on 127.0.0.1, with what a sign-in needs: the authorization page (the user agrees at once), the token
 * endpoint, which checks as GitHub does and answers errors with 200, and the two API routes. It also misbehaves on demand.
 */
export class GitHubDouble {
  readonly clientId = 'Iv1.double';
  readonly clientSecret = 'a-secret-that-only-the-server-knows';
  /** The user who signs in. */
  user: Record<string, unknown> = {
    id: 583231,
    login: 'octocat',
    avatar_url: 'https://avatars.example/u/583231',
    type: 'User',
  };
  /** The user's membership state by organization. For any other organization the answer is 404. */
  readonly memberships = new Map<string, 'active' | 'pending'>();
  /** The same by team, such as `octo-org/platform`. */
  readonly teams = new Map<string, 'active' | 'pending'>();
  /** Headers of the answers about users, such as those that limit the rate of requests. */
  readonly userHeaders: Record<string, string> = {};
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #arrivals = new EventEmitter();
  readonly #codes = new Map<string, Code>();
  readonly #accessTokens = new Map<string, string>();
  readonly #misbehaviours = new Map<GitHubPart, Misbehaviour>();
  #elapsedMs = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<GitHubDouble> {
    const double = new GitHubDouble();
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
      GITHUB_CLIENT_ID: this.clientId,
      GITHUB_CLIENT_SECRET: this.clientSecret,
      GITHUB_BASE_URL: this.url,
    };
  }

  /** Makes one part misbehave until `behave` is called. */
  misbehave(part: GitHubPart, how: Misbehaviour): void {
    this.#misbehaviours.set(part, how);
  }

  behave(): void {
    this.#misbehaviours.clear();
  }

  /** Makes all access tokens invalid. */
  revokeAccess(): void {
    this.#accessTokens.clear();
  }

  /** Ages the codes. */
  passTime(milliseconds: number): void {
    this.#elapsedMs += milliseconds;
  }

  /** Issues a code as the authorization page does. */
  issueCode(redirectUri: string, challenge: string | null, scope = ''): string {
    const code = randomBytes(10).toString('hex');
    this.#codes.set(code, { redirectUri, challenge, scope, issuedAtMs: this.#elapsedMs });
    return code;
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
    this.requests.push({ method: request.method ?? '', path: url.pathname, headers: request.headers, form });
    this.#arrivals.emit('request');
    const part = partOf(url.pathname);
    const misbehaviour = part === null ? undefined : this.#misbehaviours.get(part);
    if (misbehaviour !== undefined) MISBEHAVIOURS[misbehaviour](response);
    else if (url.pathname === '/login/oauth/authorize') this.#authorize(url.searchParams, response);
    else if (part === 'token') this.#redeem(request, form, response);
    else if (part === 'user') this.#whoAmI(request, response);
    else if (part === 'membership') this.#membership(request, url.pathname, response);
    else json(response, 404, { message: 'Not Found' });
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri');
    if (query.get('client_id') !== this.clientId || redirectUri === null) {
      json(response, 404, { message: 'Not Found' });
      return;
    }
    const method = query.get('code_challenge_method');
    if (method !== null && method !== 'S256') {
      json(response, 400, { message: 'unsupported code_challenge_method' });
      return;
    }
    const target = new URL(redirectUri);
    const code = this.issueCode(redirectUri, query.get('code_challenge'), query.get('scope') ?? '');
    target.searchParams.set('code', code);
    target.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: target.href }).end();
  }

  /** GitHub answers a bad code with status 200 and an error in the body. */
  #redeem(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): void {
    const problem = this.#problemWith(form);
    const scope = this.#codes.get(form.get('code') ?? '')?.scope ?? '';
    this.#codes.delete(form.get('code') ?? '');
    const accessToken = `gho_${randomBytes(18).toString('hex')}`;
    if (problem === null) this.#accessTokens.set(accessToken, scope);
    const answer: Record<string, string> =
      problem === null ? { access_token: accessToken, token_type: 'bearer', scope } : { error: problem };
    if (request.headers.accept === 'application/json') {
      json(response, 200, answer);
    } else {
      response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' });
      response.end(new URLSearchParams(answer).toString());
    }
  }

  #problemWith(form: URLSearchParams): string | null {
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) {
      return 'incorrect_client_credentials';
    }
    const code = this.#codes.get(form.get('code') ?? '');
    if (code === undefined || this.#elapsedMs - code.issuedAtMs > CODE_LIFE_MS)
      return 'bad_verification_code';
    if (form.get('redirect_uri') !== code.redirectUri) return 'redirect_uri_mismatch';
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return code.challenge === null || code.challenge === challenge ? null : 'bad_verification_code';
  }

  #whoAmI(request: IncomingMessage, response: ServerResponse): void {
    if (this.#scopeOf(request) === null) json(response, 401, { message: 'Bad credentials' });
    else json(response, 200, this.user, this.userHeaders);
  }

  #membership(request: IncomingMessage, path: string, response: ServerResponse): void {
    const scope = this.#scopeOf(request);
    const state = this.#stateAt(path);
    if (scope === null) json(response, 401, { message: 'Bad credentials' });
    else if (!scope.split(',').includes('read:org')) json(response, 403, { message: 'Requires read:org' });
    else if (state === undefined) json(response, 404, { message: 'Not Found' });
    else json(response, 200, { state, role: 'member' });
  }

  #stateAt(path: string): 'active' | 'pending' | undefined {
    const team = TEAM_PATH.exec(path)?.groups;
    if (team === undefined) return this.memberships.get(path.split('/').at(-1) ?? '');
    return team['login'] === this.user['login']
      ? this.teams.get(`${team['org']}/${team['team']}`)
      : undefined;
  }

  /** The scope of the request's access token; null if the token is not valid. */
  #scopeOf(request: IncomingMessage): string | null {
    return this.#accessTokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '') ?? null;
  }
}

const TEAM_PATH = /^\/api\/v3\/orgs\/(?<org>[^/]+)\/teams\/(?<team>[^/]+)\/memberships\/(?<login>[^/]+)$/;

function partOf(path: string): GitHubPart | null {
  if (TEAM_PATH.test(path)) return 'membership';
  if (path === '/login/oauth/access_token') return 'token';
  if (path === '/api/v3/user') return 'user';
  return path.startsWith('/api/v3/user/memberships/orgs/') ? 'membership' : null;
}

function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
