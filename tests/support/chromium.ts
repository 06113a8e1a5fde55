import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium, or the one that `PIXELSAIL_CHROMIUM` names. */
export const chromiumPath = process.env['PIXELSAIL_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why browser tests cannot run here; null when they can. */
export const noChromium = existsSync(chromiumPath)
  ? null
  : `no Chromium at ${chromiumPath}; set PIXELSAIL_CHROMIUM`;

/** A Chromium without a display that talks to nobody but the page's own server. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
