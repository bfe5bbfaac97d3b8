import type { OpenAPIObject } from '@nestjs/swagger';

/** The parts of a schema that this folder reads or changes. */
export interface ObjectSchema {
  properties?: Record<string, ObjectSchema>;
  required?: string[];
  additionalProperties?: boolean;
  description?: string;
  default?: unknown;
  items?: { readonly $ref?: string };
}

/** The schema that a reference such as `#/components/schemas/ErrorBody` names. */
export function schemaNamed(document: OpenAPIObject, reference: string): ObjectSchema | null {
  const name = reference.split('/').at(-1) ?? '';
  return (document.components?.schemas?.[name] as ObjectSchema | undefined) ?? null;
}
