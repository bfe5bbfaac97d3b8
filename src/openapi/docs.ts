import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import { createDocument, toYaml } from './document.js';

/** Serves the interactive docs at `/docs` and the document itself at `/openapi.yaml`. Nothing is loaded from other servers. */
export function serveDocs(app: INestApplication): void {
  app.use(
    '/docs',
    helmet({
      // Many installations use plain HTTP inside a company, so browsers must not be told to require HTTPS.
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
  let yaml: string | null = null;
  app.getHttpAdapter().get('/openapi.yaml', (_request: Request, response: Response) => {
    yaml ??= toYaml(createDocument(app));
    response.setHeader('Content-Type', 'application/yaml; charset=utf-8');
    response.end(yaml);
  });
}
