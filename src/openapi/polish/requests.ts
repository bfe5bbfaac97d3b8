import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from './operations.js';
import { schemaNamed, type ObjectSchema } from './schemas.js';

/** Says of each request body what the server makes of it: unknown fields, defaults, and no body at all. */
export function describeRequestBodies(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    const schema = requestSchemaOf(document, operation);
    if (schema === null) continue;
    // Unknown fields are refused.
    schema.additionalProperties = false;
    Object.values(schema.properties ?? {}).forEach(tellDefault);
    const { requestBody } = operation;
    // No body counts as one without fields.
    if (requestBody !== undefined && 'content' in requestBody) {
      requestBody.required = (schema.required ?? []).length > 0;
    }
  }
}

function requestSchemaOf(document: OpenAPIObject, { requestBody }: Operation): ObjectSchema | null {
  if (requestBody === undefined || !('content' in requestBody)) return null;
  const schema = requestBody.content['application/json']?.schema;
  return schema !== undefined && '$ref' in schema ? schemaNamed(document, schema.$ref) : null;
}

/**
 * Moves a default into the description. Generators take `default` in a body for a field that is always there, and have
 * their users fill it in.
 */
function tellDefault(property: ObjectSchema): void {
  if (property.default === undefined) return;
  const sentence = `If left out: \`${JSON.stringify(property.default)}\`.`;
  property.description = [property.description, sentence].filter(Boolean).join(' ');
  delete property.default;
}
