import type { ServerResponse } from 'node:http';
import { reset } from '../http/reset.js';

type Answer = (response: ServerResponse) => void;

/** Bad answers from GitHub, or from something between it and the server. */
export const MISBEHAVIOURS = {
  'status 500': text(500, 'Internal Server Error'),
  'status 500 with a valid body': text(
    500,
    '{"access_token":"gho_x","id":583231,"login":"octocat","state":"active"}',
  ),
  'status 503 with a page': text(503, '<html>Unicorn!</html>'),
  'status 403': text(403, '{"message":"API rate limit exceeded"}'),
  'status 401': text(401, '{"message":"Bad credentials"}'),
  'status 404': text(404, '{"message":"Not Found"}'),
  'status 204': (response) => response.writeHead(204).end(),
  'a redirect': (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end(),
  'a permanent redirect': (response) => response.writeHead(301, { location: '/api/v3/user' }).end(),
  'an empty body': text(200, ''),
  'truncated JSON': text(200, '{"access_token": "gho_x", "id": 1, "login"'),
  'a form instead of JSON': text(200, 'access_token=gho_form&token_type=bearer'),
  'a page instead of JSON': text(200, '<!doctype html><title>Sign in to the hotel Wi-Fi</title>'),
  'JSON null': text(200, 'null'),
  'a JSON array': text(200, '[{"id":1,"login":"octocat"}]'),
  'a JSON string': text(200, '"octocat"'),
  'an empty object': text(200, '{}'),
  'an access token that is not a string': text(
    200,
    '{"access_token":{"toString":"x"},"token_type":"bearer"}',
  ),
  'an empty access token': text(200, '{"access_token":"","token_type":"bearer"}'),
  'an access token with a line break': text(200, '{"access_token":"gho_x\\r\\nX-Admin: 1"}'),
  'a profile without an id': text(200, '{"login":"octocat"}'),
  'a profile with a string as its id': text(200, '{"id":"583231","login":"octocat"}'),
  'a profile with null as its id': text(200, '{"id":null,"login":"octocat"}'),
  'a profile with a fractional id': text(200, '{"id":1.5,"login":"octocat"}'),
  'a profile with a huge id': text(200, '{"id":1e400,"login":"octocat"}'),
  'a profile with id 0': text(200, '{"id":0,"login":"octocat"}'),
  'a profile without a login': text(200, '{"id":583231}'),
  'a profile with control characters in its login': text(200, '{"id":583231,"login":"octo\\u0000cat\\n"}'),
  'a membership without a state': text(200, '{"role":"admin"}'),
  'a membership with an unknown state': text(200, '{"state":"ACTIVE"}'),
  'an endless body': endless,
  'a body over 64 KiB': text(200, `{"id":583231,"login":"octocat","x":"${'x'.repeat(64 * 1024)}"}`),
  'half a body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"id":583231,', () => response.destroy());
  },
  'a reset connection': ({ socket }) => {
    if (socket !== null) reset(socket);
  },
  'no answer': () => undefined,
  'a body that stalls': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":583231,"login":"octocat"}');
  },
} as const satisfies Record<string, Answer>;

export type Misbehaviour = keyof typeof MISBEHAVIOURS;

function text(status: number, body: string): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
}

/** Sends as fast as the client reads, until the client closes the connection. */
function endless(response: ServerResponse): void {
  const chunk = ' '.repeat(16 * 1024);
  const fill = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200, { 'content-type': 'application/json' }).on('drain', fill);
  fill();
}
