import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import { toErrorEnvelope } from '../core/errors.ts';
import type { BackendSupervisor } from '../app/backend-supervisor.ts';
import {
  contentSecurityPolicy,
  listStaticFiles,
  type StaticFile,
} from '../app/web/static-files.ts';
import { appOrigin, imageScheme } from './channels.ts';

/** Must run before Electron is ready. */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges },
    { scheme: imageScheme, privileges: { ...privileges, corsEnabled: true } },
  ]);
}

/**
 * Serves the interface under `app://studio` and the open project's images under
 * `app-image://project`.
 */
export function handleSchemes(rendererFolder: string, backend: BackendSupervisor): void {
  const files = listStaticFiles(rendererFolder);
  protocol.handle('app', ({ url }) => {
    const { host, pathname } = new URL(url);
    const served = host === 'studio' ? files.get(pathname) : undefined;
    return served ? respond(served) : new Response('Not found', { status: 404 });
  });
  protocol.handle(imageScheme, async ({ url }) => {
    const [imageId = '', variant = ''] = new URL(url).pathname.slice(1).split('/');
    try {
      const input = { imageId: decodeURIComponent(imageId), variant };
      return respond((await backend.request('host.imageFile', input)) as StaticFile);
    } catch (thrown) {
      return new Response(toErrorEnvelope(thrown).message, { status: 404 });
    }
  });
}

function respond({ file, contentType }: StaticFile): Response {
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
    headers: {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy(`${imageScheme}:`, `${imageScheme}:`),
      'access-control-allow-origin': appOrigin,
      'x-content-type-options': 'nosniff',
    },
  });
}
