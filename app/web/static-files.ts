import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly file: string;
  readonly contentType: string;
}

/**
 * The files of the built interface by their URL path. Only what is listed here is ever served, so
 * a path cannot lead anywhere else.
 */
export function listStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map(listFiles(folder, ''));
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}

function listFiles(folder: string, path: string): [string, StaticFile][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(file, `${path}/${entry.name}`);
    const contentType = contentTypes[extname(entry.name)] ?? 'application/octet-stream';
    return [[`${path}/${entry.name}`, { file, contentType }]];
  });
}

/**
 * The content security policy of the interface: its own origin and the sources of a host.
 * @param images further sources of images
 * @param connections further targets of connections
 */
export function contentSecurityPolicy(images: string, connections: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    // Konva and Svelte place elements by their style attribute.
    `style-src 'self'; style-src-attr 'unsafe-inline'`,
    `font-src 'self'`,
    `img-src 'self' data: blob: ${images}`,
    `connect-src 'self' ${connections}`,
    `worker-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
