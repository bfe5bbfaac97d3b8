import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { dump } from 'js-yaml';
import { LOCK_STATE } from '../events/frames.schema.js';
import { ACQUIRE_CONFLICT } from '../locks/dto/acquire-conflict.schema.js';
import { ACQUIRE_GONE } from '../locks/dto/acquire-gone.schema.js';
import { LOCK_STATUS } from '../locks/dto/lock-status.schema.js';
import { VERSION } from '../version.js';
import { describeOtherErrors } from './polish/errors.js';
import { shareExamples } from './polish/examples.js';
import { separateNullFromWords } from './polish/nullable-enums.js';
import { orderPaths } from './polish/order.js';
import { forbidNullParameters } from './polish/parameters.js';
import { unwrapProse } from './polish/prose.js';
import { describeRequestBodies } from './polish/requests.js';
import { declarePublicOperations } from './polish/security.js';

const DESCRIPTION = `Distributed locks, leader election and sessions over plain HTTP.

Every grant has a fencing token that is higher than all before it. If a reply reports success, the change is on disk.

Send your token as \`Authorization: Bearer\`. You get one when you sign in at \`/auth/github\` or \`/auth/oidc\`, or from the operator of this server. The
first start of a server without users creates one.

In a request body, null for an optional field is the same as leaving the field out. The server refuses unknown fields. Later versions may
add fields to replies.`;

/** Schemas that are a union of others, which no class can express. */
const UNIONS = {
  LockStatus: LOCK_STATUS,
  LockState: LOCK_STATE,
  AcquireConflict: ACQUIRE_CONFLICT,
  AcquireGone: ACQUIRE_GONE,
};

/** The API document, derived from the controllers and DTOs. Needs the built program, because the compiler adds descriptions. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('OctoStore API')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addTag('Locks', 'Acquire, renew, release, watch')
    .addTag('Leases', 'Several locks at once, and every lease by its id')
    .addTag(
      'Sessions',
      'Sessions stay alive as long as you send keepalives. Their locks are released when they end',
    )
    .addTag('Fences', 'The highest fencing token that a resource has seen')
    .addTag('Webhooks', 'Lock events, signed and sent to your server')
    .addTag('Authentication', 'GitHub sign-in and token management')
    .addTag('Service accounts', 'Accounts for programs, and who looks after them')
    .addTag('Policy', 'Who may do what on which locks')
    .addTag('System', 'Health, counters, metrics')
    .addSecurity('bearerAuth', {
      type: 'http',
      scheme: 'bearer',
      description: 'Your token. It is opaque.',
    })
    .addSecurity('adminKey', {
      type: 'apiKey',
      in: 'header',
      name: 'X-Admin-Key',
      description: 'The admin key. It can also be sent as `X-OctoStore-Admin-Key`, or as a bearer token.',
    })
    .addSecurity('browserSession', {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-octostore',
      description:
        'The cookie of a browser session. Requests other than GET also need the header `Octostore-CSRF`, with the `csrf_token` of `GET /auth/session`. Over plain HTTP on the loopback interface, its name is `octostore`.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
  });
  return polish(document);
}

/** Adds what the decorators cannot express. */
function polish(document: OpenAPIObject): OpenAPIObject {
  Object.assign(document.components?.schemas ?? {}, UNIONS);
  forbidNullParameters(document);
  separateNullFromWords(document);
  describeRequestBodies(document);
  describeOtherErrors(document);
  shareExamples(document);
  declarePublicOperations(document);
  orderPaths(document);
  return unwrapProse(document);
}

/** The document as text: the same for the file in the repository and for `/openapi.yaml`. */
export function toYaml({ openapi, info, servers, tags, paths, ...rest }: OpenAPIObject): string {
  return dump({ openapi, info, servers, tags, paths, ...rest }, { noRefs: true, lineWidth: 120 });
}
