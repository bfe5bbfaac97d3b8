import type { webcrypto } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';
import { makeCertificate, type TestCertificate } from './certificate.js';

/** A key of an issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicJwk: JWK;
}

/** Makes a key pair. */
export async function makeIssuerKey(kid: string, alg = 'RS256'): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** How the double answers requests for a path. */
export type IssuerAnswer = (response: ServerResponse, request: IncomingMessage) => void;

const DISCOVERY = '/.well-known/openid-configuration';
export const KEYS_PATH = '/jwks';

/** An issuer of OpenID Connect tokens, over HTTPS on loopback. It behaves unless a test gives it other answers. */
export class IssuerDouble {
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  /** The headers of the requests. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** The keys that it publishes. */
  keys: IssuerKey[];
  /** Answers by path that replace the usual ones. */
  readonly answers = new Map<string, IssuerAnswer>();
  readonly #server: Server;

  private constructor(
    readonly certificate: TestCertificate,
    key: IssuerKey,
  ) {
    this.keys = [key];
    this.#server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) =>
      this.#answer(request, response),
    );
  }

  /** Starts an issuer on a free port. */
  static async start(certificate: TestCertificate = makeCertificate()): Promise<IssuerDouble> {
    const issuer = new IssuerDouble(certificate, await makeIssuerKey('key-1'));
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its URL, which its tokens have as `iss`. */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Signs a token with its first key. */
  sign(claims: JWTPayload, header: { readonly kid?: string; readonly typ?: string } = {}): Promise<string> {
    const [key] = this.keys;
    if (key === undefined) throw new Error('the issuer has no key');
    return new SignJWT({ iss: this.url, ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
      .sign(key.privateKey);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    this.asked.push(url);
    this.headers.push(request.headers);
    const answer = this.answers.get(url);
    if (answer !== undefined) answer(response, request);
    else if (url === DISCOVERY) sendJson(response, { issuer: this.url, jwks_uri: `${this.url}${KEYS_PATH}` });
    else if (url === KEYS_PATH) sendJson(response, { keys: this.keys.map(({ publicJwk }) => publicJwk) });
    else response.writeHead(404).end();
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
