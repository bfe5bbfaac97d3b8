import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { createDocument } from './document.js';

/** Serves the interactive docs at `/docs` and the document itself at `/openapi.yaml`. Everything comes from this server. */
export function serveDocs(app: INestApplication): void {
  app.use(
    '/docs',
    helmet({
      // Half of all installations are plain HTTP inside a company; the browser must not be told otherwise.
      strictTransportSecurity: false,
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    }),
  );
  SwaggerModule.setup('docs', app, () => createDocument(app), {
    jsonDocumentUrl: '/openapi.json',
    yamlDocumentUrl: '/openapi.yaml',
    customSiteTitle: 'OctoStore API',
    swaggerOptions: { persistAuthorization: true },
  });
}
