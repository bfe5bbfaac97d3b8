import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import { createDocument, toYaml } from './document.js';

/** Serves the interactive docs at `/docs` and the document itself at `/openapi.yaml`. Everything comes from this server. */
export function serveDocs(app: INestApplication): void {
  app.use(
    '/docs',
    helmet({
      // Half of all installations are plain HTTP inside a company; the browser must not be told otherwise.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        directives: {
          upgradeInsecureRequests: null,
          fontSrc: ["'self'", 'data:'],
          styleSrc: ["'self'", "'unsafe-inline'"],
        },
      },
    }),
  );
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: '/openapi.json',
    customSiteTitle: 'OctoStore API',
  });
  // Whoever opens the server's address in a browser wants to know what this is. Relative, for proxies that serve it below a path.
  app.getHttpAdapter().get('/', (_request: Request, response: Response) => response.redirect('docs'));
  let yaml: string | null = null;
  app.getHttpAdapter().get('/openapi.yaml', (_request: Request, response: Response) => {
    yaml ??= toYaml(createDocument(app));
    response.setHeader('Content-Type', 'application/yaml; charset=utf-8');
    response.end(yaml);
  });
}
