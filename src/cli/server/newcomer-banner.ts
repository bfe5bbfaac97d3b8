/** What a newcomer sees at the first start: the token, which is shown this once, and something to try. */
export function newcomerBanner(url: string, token: string): string {
  return `
  This is the first start, so a user "local" was made for you. Its token is shown this once:

    ${token}

  Try it:

    curl -X POST ${url}/locks/hello/acquire \\
      -H "Authorization: Bearer ${token}" \\
      -H "Content-Type: application/json" \\
      -d '{"ttl_seconds": 60}'

  The docs are at ${url}/docs

`;
}
