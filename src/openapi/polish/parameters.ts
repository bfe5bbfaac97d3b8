import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** Removes null from the types of parameters. A query string cannot express null: it would be the text "null". */
export function forbidNullParameters(document: OpenAPIObject): void {
  for (const { parameters = [] } of operationsOf(document)) {
    for (const parameter of parameters) {
      const schema = 'schema' in parameter ? parameter.schema : undefined;
      if (schema !== undefined && !('$ref' in schema)) forbidNull(schema);
    }
  }
}

function forbidNull(schema: { type?: unknown; enum?: unknown[] }): void {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null');
    schema.type = types.length === 1 ? types[0] : types;
  }
  if (schema.enum !== undefined) schema.enum = schema.enum.filter((value) => value !== null);
}
