import type { IncomingMessage } from 'node:http';

/** The template of requests that reached no route. */
const UNMATCHED = 'unmatched';

const templates = new Map<string, string>();

/**
 * The template of the route that served a request, such as `/locks/{name}/acquire`. Metrics and logs use this, and never the
 * path, which contains lock names and ids.
 */
export function routeTemplateOf(request: IncomingMessage & { route?: { path?: unknown } }): string {
  const path = request.route?.path;
  if (typeof path !== 'string') return UNMATCHED;
  let template = templates.get(path);
  if (template === undefined) {
    template = path.replace(/[:*](\w+)/g, '{$1}');
    templates.set(path, template);
  }
  return template;
}
