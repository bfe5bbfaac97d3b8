import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import { devNull } from 'node:os';
import { serveDocsFiles } from './docs-files.js';
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
  serveDocsFiles(app);
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: '/openapi.json',
    customSiteTitle: 'OctoStore API',
    // Nest would serve a whole folder, but `serveDocsFiles` has served what there is.
    customSwaggerUiPath: devNull,
  });
  let yaml: string | null = null;
  app.getHttpAdapter().get('/openapi.yaml', (_request: Request, response: Response) => {
    yaml ??= toYaml(createDocument(app));
    response.setHeader('Content-Type', 'application/yaml; charset=utf-8');
    response.end(yaml);
  });
}
