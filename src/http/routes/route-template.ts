import type { IncomingMessage } from 'node:http';

/** The template of requests that reached no route. */
const UNMATCHED = 'unmatched';

interface Served {
  readonly servedBy?: { readonly path: string } | null;
}

const templates = new Map<string, string>();

/**
 * The template of the route that served a request, such as `/locks/{name}/acquire`. Metrics and logs use this, and never the
 * path, which contains lock names and ids.
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
