import type { IncomingMessage } from 'node:http';

/** What requests are called that reached no route. */
const UNMATCHED = 'unmatched';

interface Served {
  readonly servedBy?: { readonly path: string } | null;
}

const templates = new Map<string, string>();

/**
 * The template of the route that served a request, such as `/locks/{name}/acquire`. Metrics and logs name this and never
 * the path, which has lock names and ids in it.
 */
export function routeTemplateOf(request: IncomingMessage & Served): string {
  const { servedBy } = request;
  if (servedBy === undefined || servedBy === null) return UNMATCHED;
  const { path } = servedBy;
  let template = templates.get(path);
  if (template === undefined) {
    template = path.replace(/[:*](\w+)/g, '{$1}');
    templates.set(path, template);
  }
  return template;
}
