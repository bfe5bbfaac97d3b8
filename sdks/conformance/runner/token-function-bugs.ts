import { bug, type Bug } from './bug.js';

const BEARER = 'src/bearer.js';

/** Bugs of clients that take a function for their token. */
export const TOKEN_FUNCTION_BUGS: readonly Bug[] = [
  bug('the function is never asked again', BEARER, 'if (token === this.#token && mayAsk)', 'if (false)', [
    'token-function-is-asked-again',
    'token-function-gives-another-wrong-one',
    'token-function-fails-later',
    'token-function-during-a-renewal',
    'token-function-during-a-keepalive',
    'token-function-in-line',
    'token-function-of-a-watch',
  ]),
  bug(
    'the function is asked for each request',
    BEARER,
    'this.#token = token;\n        this.#askAtMs',
    'this.#askAtMs',
    ['token-function-is-asked-again'],
  ),
  bug(
    'a request is sent again with the refused token',
    BEARER,
    'await this.#replace(token, patience);',
    'await this.#replace(token, patience); await send(this.#token);',
    ['token-function-gives-the-same'],
  ),
  bug('the function is asked until it gives a token that works', BEARER, 'mayAsk = false;', '', [
    'token-function-gives-another-wrong-one',
  ]),
  bug('the function is asked once for each request under way', BEARER, 'this.#asking ??=', 'this.#asking =', [
    'token-function-for-first-requests',
    'token-function-for-refused-requests',
  ]),
  bug(
    'an error of the function hides behind the 401',
    BEARER,
    'await this.#replace(token, patience);',
    'await this.#replace(token, patience).catch(() => undefined);',
    ['token-function-fails-later'],
  ),
  bug('the error of the function has no cause', BEARER, "has failed.', { cause })", "has failed.')", [
    'token-function-fails',
    'token-function-fails-later',
  ]),
  bug(
    'calls that need no token ask for it',
    BEARER,
    'if (!isPublic && this.#token === null)',
    'if (this.#token === null)',
    ['token-function-fails'],
  ),
  bug('the token of a function is not checked', BEARER, 'checkToken(token);', '', [
    'token-function-gives-an-invalid-one',
  ]),
  bug('a client rotates the token of a function', BEARER, 'if (this.#ask !== null) {', 'if (false) {', [
    'token-function-and-rotation',
  ]),
];
