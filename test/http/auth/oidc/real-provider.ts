import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';

const CLIENT = { id: 'octostore', secret: 'a-secret-that-only-the-server-knows' };

/** The certified OpenID Connect provider of the package `oidc-provider`, on 127.0.0.1, with its own pages for signing in. */
export class RealProvider {
  /** The groups of each user. */
  readonly groups = new Map<string, string[]>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(redirectUri: string): Promise<RealProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started = new RealProvider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const provider = new Provider(started.url, started.#configuration(redirectUri));
    server.on('request', (request, response) => void provider.callback()(request, response));
    return started;
  }

  get environment(): Record<string, string> {
    return {
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_SCOPES: 'openid profile groups offline_access',
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #configuration(redirectUri: string): Configuration {
    return {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
        },
      ],
      claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
      scopes: ['openid', 'offline_access'],
      cookies: { keys: ['a key of this test'] },
      issueRefreshToken: () => Promise.resolve(true),
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () =>
          Promise.resolve({ sub, preferred_username: `${sub}.name`, groups: this.groups.get(sub) ?? [] }),
      }),
    };
  }
}

/** The pages of the provider, as a person sees them who signs in and agrees. */
export class ProviderPages {
  readonly #cookies = new Map<string, string>();

  /** Signs in at the page that our server redirects to. Returns the query with which the provider sends the browser back. */
  async agree(page: URL, login: string, redirectUri: string): Promise<URLSearchParams> {
    let next: { url: URL; form?: URLSearchParams } = { url: page };
    for (let step = 0; step < 20; step += 1) {
      const response = await this.#open(next.url, next.form);
      const location = response.headers.get('location');
      if (location?.startsWith(redirectUri)) return new URL(location).searchParams;
      if (location !== null) {
        next = { url: new URL(location, next.url) };
        continue;
      }
      const html = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
      if (prompt === undefined) throw new Error(`not a page of the provider: ${response.status} ${html}`);
      const action = /action="([^"]+)"/.exec(html)?.[1] ?? next.url.pathname;
      next = {
        url: new URL(action, next.url),
        form: new URLSearchParams({ prompt, login, password: 'any' }),
      };
    }
    throw new Error('the provider never sent the browser back');
  }

  async #open(url: URL, form?: URLSearchParams): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [pair = ''] = header.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}
