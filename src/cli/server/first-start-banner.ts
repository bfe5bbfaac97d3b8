/** What the terminal shows at the first start: the token, which is shown only once, and a request to try. */
export function firstStartBanner(url: string, token: string): string {
  return `
  This is the first start, so a user "local" was created for you. Its token is shown only once:

    ${token}

  Try it:

    curl -X POST ${url}/locks/hello/acquire \\
      -H "Authorization: Bearer ${token}" \\
      -H "Content-Type: application/json" \\
      -d '{"ttl_seconds": 60}'

  The docs are at ${url}/docs

`;
}
