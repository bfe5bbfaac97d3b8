import type { IncomingMessage } from 'node:http';

/** What requests are called that reached no route. */
const UNMATCHED = 'unmatched';

const templates = new Map<string, string>();

/**
 * The template of the route that served a request, such as `/locks/{name}/acquire`. Metrics and logs name this and never
 * the path, which has lock names and ids in it.
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
