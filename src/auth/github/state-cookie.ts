import type { IncomingMessage, ServerResponse } from 'node:http';

/** Seconds that somebody may take to sign in at GitHub, whose codes last as long. */
export const SIGN_IN_SECONDS_MAX = 600;

const NAME = 'octostore_sign_in';

/** The cookie that ties a sign-in to the browser that began it. */
export class StateCookie {
  readonly #attributes: string;

  /** @param redirectUri The only address that the cookie is sent to. */
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

  /** The cookie's value, or null if there is none, or more than one: then nobody can tell which is the browser's own. */
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
