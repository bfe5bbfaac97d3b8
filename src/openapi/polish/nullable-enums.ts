import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  type?: unknown;
  enum?: unknown[];
  oneOf?: object[];
}

/**
 * Writes "one of these words, or null" as a union of the two. If null is among the words, code generators make it a word too,
 * or make a type for each place where it can occur.
 */
export function separateNullFromWords(document: OpenAPIObject): void {
  Object.values(document.components?.schemas ?? {}).forEach(separateIn);
}

function separateIn(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const schema: Schema = node;
  if (Array.isArray(schema.enum) && schema.enum.includes(null)) separate(schema);
  Object.values(node).forEach(separateIn);
}

function separate(schema: Schema): void {
  const words = schema.enum?.filter((word) => word !== null) ?? [];
  delete schema.enum;
  delete schema.type;
  schema.oneOf = [{ type: 'string', enum: words }, { type: 'null' }];
}
