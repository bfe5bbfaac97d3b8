import type { INestApplication } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readOwnFile } from '../program/own-files.js';

/** The files of Swagger UI that the page of the docs uses. A release carries them. */
export const DOCS_FILES = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
] as const;

/** Serves the files of the docs from memory, since the single executable has no folder for them. */
export function serveDocsFiles(app: INestApplication): void {
  for (const name of DOCS_FILES) {
    const content = readOnce(name);
    app.getHttpAdapter().get(`/docs/${name}`, (_request: Request, response: Response) => {
      response.type(name).send(content());
    });
  }
}

function readOnce(name: string): () => Buffer {
  let content: Buffer | null = null;
  return () => {
    content ??= readOwnFile('swagger-ui', name);
    if (content === null) throw new Error(`${name} of the docs is missing in this installation`);
    return content;
  };
}
