import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowserHost, type TestBrowserHost } from './browser-host.ts';
import { launchChromium } from './chromium.ts';
import { drawPhotos } from './drawn-photos.ts';
import { WindowPage } from './window-page.ts';

/** A host of its own and the interface in a Chromium of its own, 1280 x 720 pixels. */
export interface BrowserWindow {
  readonly host: TestBrowserHost;
  readonly page: Page;
  readonly window: WindowPage;
  /** The folder of the drawn photos, in the home of the host. */
  readonly photos: string;
  /** Unexpected messages of the browser console. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

interface Options {
  /** The made-up model of fake-model.ts instead of the packaged models. */
  readonly fakeEngine: boolean;
  /** Name of a project to make of the drawn photos; without one the start screen is shown. */
  readonly project?: string;
}

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patienceMs = 40_000;

/**
 * Opens the interface, with drawn photos in the home of its host. It must be built
 * (`npm run build`).
 */
export async function openBrowserWindow({ fakeEngine, project }: Options): Promise<BrowserWindow> {
  const host = await startBrowserHost({ fakeEngine });
  const browser = await launchChromium();
  const close = async () => {
    await browser.close();
    await host.stop();
  };
  try {
    const photos = join(host.home, 'photos');
    await drawPhotos(photos);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const errors = watchErrors(page);
    const window = new WindowPage(page);
    await page.goto(host.url);
    if (project !== undefined) {
      await window.createProject(host.home, project);
      await window.importFolder(photos);
      await window.ready();
    }
    return { host, page, window, photos, errors, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}
