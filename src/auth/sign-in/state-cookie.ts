import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a sign-in may take, in seconds. GitHub's codes are valid for the same time. */
export const SIGN_IN_SECONDS_MAX = 600;

const NAME = 'octostore_sign_in';

/** The cookie that ties a sign-in to the browser that began it. */
export class StateCookie {
  readonly #attributes: string;

  /** @param redirectUri the only address that the cookie is sent to. */
  constructor(redirectUri: string) {
    const { pathname, protocol } = new URL(redirectUri);
    const secure = protocol === 'https:' ? '; Secure' : '';
    this.#attributes = `Path=${pathname}; HttpOnly; SameSite=Lax${secure}`;
  }

  set(response: ServerResponse, value: string): void {
    response.appendHeader(
      'Set-Cookie',
      `${NAME}=${value}; Max-Age=${SIGN_IN_SECONDS_MAX}; ${this.#attributes}`,
    );
  }

  clear(response: ServerResponse): void {
    response.appendHeader('Set-Cookie', `${NAME}=; Max-Age=0; ${this.#attributes}`);
  }

  /** The value of the cookie. Null if there is none, or more than one: then it is unknown which one this browser was given. */
  read(request: IncomingMessage): string | null {
    const values = (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${NAME}=`))
      .map((pair) => pair.slice(NAME.length + 1));
    const [value] = values;
    return values.length === 1 && value !== undefined && value !== '' ? value : null;
  }
}
