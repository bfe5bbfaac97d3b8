interface Cookie {
  readonly value: string;
  readonly path: string;
  readonly isStrict: boolean;
  readonly isSecure: boolean;
}

/** What a browser knows about a request when it chooses the cookies. */
export interface Sending {
  readonly path: string;
  /** `navigation` is the top-level one, which `Lax` cookies go with. */
  readonly from: 'own page' | 'other site' | 'navigation from other site';
}

/** The cookies that a browser keeps for one origin, by the rules of RFC 6265bis. */
export class CookieJar {
  readonly cookies = new Map<string, Cookie>();
  readonly #isHttps: boolean;

  constructor(origin: string) {
    this.#isHttps = new URL(origin).protocol === 'https:';
  }

  /** Stores a cookie, or throws if a browser would not. */
  receive(header: string): void {
    const [pair = '', ...attributes] = header.split('; ');
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const isSecure = attributes.includes('Secure');
    const path = valueOf(attributes, 'Path') ?? '/';
    if (isSecure && !this.#isHttps) throw new Error(`a browser accepts no secure cookie over HTTP: ${name}`);
    const isBound = isSecure && path === '/' && valueOf(attributes, 'Domain') === null;
    if (name.startsWith('__Host-') && !isBound) throw new Error(`not a cookie of one host: ${header}`);
    if (!attributes.includes('HttpOnly')) throw new Error(`scripts can read the cookie ${name}`);
    const isStrict = valueOf(attributes, 'SameSite') === 'Strict';
    if (valueOf(attributes, 'Max-Age') === '0') this.cookies.delete(name);
    else this.cookies.set(name, { value, path, isStrict, isSecure });
  }

  /** The `Cookie` header of a request. Null if there are none to send. */
  headerFor({ path, from }: Sending): string | null {
    const [pathname = ''] = path.split('?', 1);
    const sent = [...this.cookies].filter(
      ([, cookie]) =>
        pathname.startsWith(cookie.path) &&
        (from === 'own page' || (from === 'navigation from other site' && !cookie.isStrict)),
    );
    return sent.length === 0 ? null : sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }
}

function valueOf(attributes: readonly string[], name: string): string | null {
  const attribute = attributes.find((text) => text.startsWith(`${name}=`));
  return attribute === undefined ? null : attribute.slice(name.length + 1);
}
