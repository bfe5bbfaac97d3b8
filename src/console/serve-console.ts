import type { INestApplication } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Replies } from '../http/answer/replies.js';
import { ConsoleFiles } from './console-files.js';
import { CONSOLE_PATHS, ConsolePages } from './console-pages.js';

/** Serves the console at `/console`, and sends people there who open the server's address in a browser, or to `/docs` if it was not built. */
export function serveConsole(app: INestApplication, replies: Replies, folder: string | undefined): void {
  const files = ConsoleFiles.load(folder);
  const pages = new ConsolePages(files, replies);
  const adapter = app.getHttpAdapter();
  for (const path of CONSOLE_PATHS)
    adapter.get(path, (request: Request, response: Response) => pages.answer(request, response));
  // The redirect is relative, for proxies that serve this below a path.
  const home = files.isBuilt ? 'console/' : 'docs';
  adapter.get('/', (_request: Request, response: Response) => response.redirect(home));
}
