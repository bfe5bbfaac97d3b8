import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { dump } from 'js-yaml';
import { LockEventBody } from '../events/event.dto.js';
import { VERSION } from '../version.js';

const DESCRIPTION = `Distributed locks, leader election and sessions over plain HTTP.

Every grant carries a fencing token that is higher than all before it. A success reply means that the change is on disk.
Sign in with GitHub at \`/auth/github\` and send the token as \`Authorization: Bearer\`.`;

/** The API's description, derived from the controllers and DTOs. Needs the built program: the compiler adds to it. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('OctoStore API')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addTag('Authentication', 'GitHub sign-in and token management')
    .addTag('Locks', 'Acquire, renew, release, watch')
    .addTag('Sessions', 'Life spans with keepalive, which free their locks when they end')
    .addTag('Webhooks', 'Signed notifications of what happens to locks')
    .addTag('System', 'Health, counters, metrics')
    .addBearerAuth({ type: 'http', description: 'The token that the sign-in returned' }, 'bearerAuth')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-Admin-Key',
        description: 'The admin key. `X-OctoStore-Admin-Key` works as well.',
      },
      'adminKey',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [LockEventBody],
    operationIdFactory: (_controller, method) => method,
  });
  return unwrapProse(document);
}

/** The document as text: the same for the file in the repository and for `/openapi.yaml`. */
export function toYaml({ openapi, info, servers, tags, paths, ...rest }: OpenAPIObject): string {
  return dump({ openapi, info, servers, tags, paths, ...rest }, { noRefs: true, lineWidth: 120 });
}

/** Comments are wrapped to fit the source; in the document a line ends where its paragraph does. */
function unwrapProse<T>(node: T): T {
  if (Array.isArray(node)) return node.map((item: unknown) => unwrapProse(item)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    const isProse = (key === 'description' || key === 'summary') && typeof value === 'string';
    return [key, isProse ? value.replace(/(?<!\n)\n(?!\n)/g, ' ') : unwrapProse(value)];
  });
  return Object.fromEntries(entries) as T;
}
