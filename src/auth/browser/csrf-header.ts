/** The header with the CSRF token of a browser session, in lower case. */
export const CSRF_HEADER = 'octostore-csrf';
