export interface RequestParts {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Bearer token. */
  readonly token?: string;
  readonly host?: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The bytes of an HTTP/1.1 request. They are made once, so that sending it many times is cheap. */
export function httpRequest({ method, path, token, host = 'octostore', body }: RequestParts): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
