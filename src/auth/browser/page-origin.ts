import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';

type Settings = Pick<
  Config,
  | 'TLS_CERT_FILE'
  | 'TRUST_PROXY'
  | 'GITHUB_CLIENT_ID'
  | 'GITHUB_REDIRECT_URI'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_REDIRECT_URI'
>;

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** A proxy adds some of them. Then what looks like the loopback interface need not be what the browser sees. */
const OF_PROXIES = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const;

/** Which origin the pages of this server have in the browser that sent a request. */
@Injectable()
export class PageOrigin {
  readonly #mayBeTried: boolean;
  readonly #signInOrigins: readonly string[];

  constructor(@Inject(CONFIG) settings: Settings) {
    const signIns = addressesOfSignIns(settings);
    this.#mayBeTried =
      settings.TLS_CERT_FILE === undefined &&
      settings.TRUST_PROXY.length === 0 &&
      signIns.every(({ protocol }) => protocol !== 'https:');
    this.#signInOrigins = signIns.map(({ origin }) => origin);
  }

  /**
   * Whether someone tries the server by plain HTTP on the loopback interface, where browsers accept no cookie that is for HTTPS only.
   * Everywhere else, cookies need HTTPS.
   */
  isLoopback({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
    if (!this.#mayBeTried || OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
    const url = urlOf('http', headers.host);
    return url !== null && LOOPBACK.test(url.hostname);
  }

  /**
   * Whether a request comes from a page of this server, as far as the browser says. Scripts cannot change these headers. Programs other
   * than browsers send none.
   */
  isOwn(request: Pick<IncomingMessage, 'headers'>): boolean {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (site !== undefined && site !== 'same-origin') return false;
    if (origin === undefined) return true;
    const scheme = this.isLoopback(request) ? 'http' : 'https';
    const own = [urlOf(scheme, request.headers.host)?.origin, ...this.#signInOrigins];
    return origin !== 'null' && own.includes(origin);
  }
}

/** The addresses of this server that people return to from the providers. */
function addressesOfSignIns(settings: Settings): URL[] {
  const { GITHUB_CLIENT_ID, GITHUB_REDIRECT_URI, OIDC_CLIENT_ID, OIDC_REDIRECT_URI } = settings;
  return [
    ...(GITHUB_CLIENT_ID === undefined ? [] : [new URL(GITHUB_REDIRECT_URI)]),
    ...(OIDC_CLIENT_ID === undefined ? [] : [new URL(OIDC_REDIRECT_URI)]),
  ];
}

function urlOf(scheme: 'http' | 'https', host: string | undefined): URL | null {
  const text = `${scheme}://${host ?? ''}`;
  return URL.canParse(text) ? new URL(text) : null;
}
