import { randomUUID } from 'node:crypto';
import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import passport from 'passport';
import { Strategy, type StrategyOptions } from 'passport-github2';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { SignInStep } from '../sign-in/sign-in.guards.js';
import type { Proven } from '../sign-in/proven.js';
import type { GitHubClient, GitHubRequest, JsonObject } from './github-client.js';
import { identityOf } from './github-profile.js';
import type { GitHubSettings } from './github-settings.js';
import type { SealedStateStore } from './sealed-state-store.js';
import type { SignInPolicy } from './sign-in-policy.js';

/** The shape of GitHub's own access tokens, restricted to what a header can contain. */
const ACCESS_TOKEN = /^[\x21-\x7e]{1,512}$/;

/** The shape of GitHub's error codes. */
const ERROR_CODE = /^[a-z_]{1,64}$/;

/** Called with either an error or the text of a response. */
type Done = (error: unknown, answer?: string) => void;

/** The arguments with which the `oauth` library calls its transport. */
type TransportArguments = [
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string,
  accessToken: unknown,
  done: Done,
];

interface Parts {
  readonly settings: GitHubSettings;
  readonly states: SealedStateStore;
  readonly policy: SignInPolicy;
  readonly client: GitHubClient;
}

/**
 * Signs a user in with GitHub: verifies their identity, and that they are allowed to sign in. It does not issue a token yet.
 */
export class GitHubStrategy extends PassportStrategy(Strategy) implements OnModuleDestroy {
  readonly #logger = new Logger(GitHubStrategy.name);
  // Passport calls `authenticate` on objects that inherit from this one, and so cannot read its `#` fields.
  private readonly policy: SignInPolicy;
  readonly #client: GitHubClient;
  readonly #apiUrl: string;

  constructor(parts: Parts) {
    super(strategyOptions(parts));
    this.policy = parts.policy;
    this.#client = parts.client;
    this.#apiUrl = parts.settings.apiUrl;
    this.#replaceTransport();
  }

  /** Passport registers strategies by name, globally for the process. */
  onModuleDestroy(): void {
    passport.unuse(this.name);
  }

  /** Gives Passport a view of the request with only the parameters of this step. */
  override authenticate(request: Request, { query, res }: SignInStep & passport.AuthenticateOptions): void {
    const view: Request = Object.create(request, {
      query: { value: query },
      body: { value: {} },
      res: { value: res },
    });
    super.authenticate(view, { scope: this.policy.scope });
  }

  /** Called by Passport with the profile of the user who has returned from GitHub. */
  async validate(accessToken: string, _refreshToken: string, profile: { _json: unknown }): Promise<Proven> {
    const identity = identityOf(profile['_json']);
    if (identity === null) throw this.#client.unavailable(`${this.#apiUrl}/user`, 'not a profile');
    return { identity, confirmed: await this.policy.admit(identity, accessToken) };
  }

  /**
   * The `oauth` library, which passport-oauth2 uses for requests, waits forever, reads without limit, and throws outside of
   * any handler if a response is not what it expects. So our client, which has limits, sends the requests and passes only
   * valid responses on.
   */
  #replaceTransport(): void {
    const send = (...[method, url, headers, body, , done]: TransportArguments): void => {
      void this.#send({ method: method === 'POST' ? 'POST' : 'GET', url, headers, body: body || null }, done);
    };
    Object.assign(this['_oauth2'], { _request: send });
  }

  /** If `done` itself throws, it is also called with that error, because only it can answer the client. */
  async #send(request: GitHubRequest, done: Done): Promise<void> {
    try {
      done(null, JSON.stringify(await this.#exchange(request)));
    } catch (error) {
      done(error);
    }
  }

  async #exchange(request: GitHubRequest): Promise<JsonObject> {
    const { status, json } = await this.#client.send(request);
    if (status !== 200 || json === null) {
      throw this.#client.unavailable(request.url, `unusable response with status ${status}`);
    }
    // The only POST request is the one that redeems a code.
    if (request.method === 'POST') this.#assertAccessToken(request.url, json);
    return json;
  }

  #assertAccessToken(url: string, { error, access_token: accessToken }: JsonObject): void {
    if (typeof error === 'string') {
      const reason = ERROR_CODE.test(error) ? error : 'unknown';
      this.#logger.warn({ message: 'GitHub refused to redeem a code', reason });
      throw new OctoStoreError('sign_in_failed');
    }
    if (typeof accessToken !== 'string' || !ACCESS_TOKEN.test(accessToken)) {
      throw this.#client.unavailable(url, 'not an access token');
    }
  }
}

function strategyOptions({ settings, states }: Parts): StrategyOptions {
  // Unique, so that two servers in one process do not share a strategy.
  const name = `github-${randomUUID()}`;
  const options = {
    name,
    clientID: settings.clientId,
    clientSecret: settings.clientSecret,
    callbackURL: settings.redirectUri,
    authorizationURL: settings.authorizeUrl,
    tokenURL: settings.tokenUrl,
    userProfileURL: `${settings.apiUrl}/user`,
    pkce: true,
    // The type declarations only cover stores without PKCE.
    store: states as unknown as NonNullable<StrategyOptions['store']>,
  };
  return options;
}
