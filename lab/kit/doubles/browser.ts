/** What the server believes to be its public address. */
export const REDIRECT_URI = 'http://octostore.example/auth/github/callback';

export interface SignInReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A browser of its own: it keeps cookies by their paths, and follows no redirect by itself. */
export class Browser {
  /** Name to value and path. */
  readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** @param house where the server is. */
  constructor(private readonly house: { readonly server: { readonly url: string } }) {}

  /** Opens an address of the server. */
  async open(path: string, headers: Record<string, string> = {}): Promise<SignInReply> {
    const response = await fetch(`${this.house.server.url}${path}`, {
      redirect: 'manual',
      headers: { ...this.#cookieHeader(path), ...headers },
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  /** Begins a sign-in. Returns the address at GitHub to go to. */
  async begin(): Promise<URL> {
    const reply = await this.open('/auth/github');
    if (reply.status !== 302) throw new Error(`not redirected to GitHub: ${JSON.stringify(reply.body)}`);
    return new URL(reply.headers.get('location') ?? '');
  }

  /** Has the user agree at GitHub. Returns the query that GitHub sends the browser back with. */
  async agree(authorizeUrl: URL): Promise<URLSearchParams> {
    const response = await fetch(authorizeUrl, { redirect: 'manual' });
    const target = response.headers.get('location') ?? '';
    if (!target.startsWith(`${REDIRECT_URI}?`)) throw new Error(`not sent back, but to "${target}"`);
    return new URL(target).searchParams;
  }

  /** Goes back to the server. */
  finish(query: URLSearchParams | string): Promise<SignInReply> {
    return this.open(`/auth/github/callback?${query.toString()}`);
  }

  /** All up to the point at which GitHub sends the browser back. */
  async comeBack(): Promise<URLSearchParams> {
    return this.agree(await this.begin());
  }

  async signIn(): Promise<SignInReply> {
    return this.finish(await this.comeBack());
  }

  #cookieHeader(path: string): Record<string, string> {
    const matching = [...this.cookies].filter(([, cookie]) => path.split('?')[0] === cookie.path);
    if (matching.length === 0) return {};
    return { cookie: matching.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice('Path='.length) ?? '/';
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}
