import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

interface Content {
  examples?: Record<string, object>;
}

/** Moves the examples of answers to one shared list, by name, because the same errors come from many routes. */
export function shareExamples(document: OpenAPIObject): void {
  const shared: Record<string, object> = {};
  for (const { responses } of operationsOf(document)) {
    for (const response of Object.values(responses)) {
      if (response === undefined || !('content' in response)) continue;
      Object.values(response.content ?? {}).forEach((content) => shareInto(shared, content));
    }
  }
  document.components = { ...document.components, examples: shared };
}

function shareInto(shared: Record<string, object>, content: Content): void {
  for (const [name, example] of Object.entries(content.examples ?? {})) {
    shared[name] = example;
    content.examples = { ...content.examples, [name]: { $ref: `#/components/examples/${name}` } };
  }
}
