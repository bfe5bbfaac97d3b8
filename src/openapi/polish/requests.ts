import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from './operations.js';
import { schemaNamed, type ObjectSchema } from './schemas.js';

/** Documents how the server reads each request body: unknown fields, defaults, and no body at all. */
export function describeRequestBodies(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    const schema = requestSchemaOf(document, operation);
    if (schema === null) continue;
    describeObject(document, schema);
    const { requestBody } = operation;
    // The server takes a missing body for an empty object.
    if (requestBody !== undefined && 'content' in requestBody) {
      requestBody.required = (schema.required ?? []).length > 0;
    }
  }
}

function describeObject(document: OpenAPIObject, schema: ObjectSchema): void {
  schema.additionalProperties = false;
  for (const property of Object.values(schema.properties ?? {})) {
    tellDefault(property);
    const element = property.items?.$ref === undefined ? null : schemaNamed(document, property.items.$ref);
    if (element !== null) describeObject(document, element);
  }
}

function requestSchemaOf(document: OpenAPIObject, { requestBody }: Operation): ObjectSchema | null {
  if (requestBody === undefined || !('content' in requestBody)) return null;
  const schema = requestBody.content['application/json']?.schema;
  return schema !== undefined && '$ref' in schema ? schemaNamed(document, schema.$ref) : null;
}

/** Moves a default into the description. If a body has a `default`, code generators make the field required for their users. */
function tellDefault(property: ObjectSchema): void {
  if (property.default === undefined) return;
  const sentence = `If left out: \`${JSON.stringify(property.default)}\`.`;
  property.description = [property.description, sentence].filter(Boolean).join(' ');
  delete property.default;
}
