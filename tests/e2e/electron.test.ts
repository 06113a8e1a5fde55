import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostBridge } from '../../app/api/contract.ts';
import type { ImageDocument, ImagePage } from '../../app/api/contract/images.ts';
import { createProjectDatabase, openProjectDatabase } from '../../db/project-database.ts';
import { convertCheckpoint } from '../../models/families/pixel-sail/convert/convert.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { drawnDisc, drawnPhotoSize, drawPhotos } from '../support/drawn-photos.ts';
import { provideElectron, type ElectronRuntime } from '../support/electron-runtime.ts';
import { hasProcesses, listProcesses } from '../support/processes.ts';
import { startDisplay, type Display } from '../support/virtual-display.ts';
import { WindowPage } from '../support/window-page.ts';

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const isBuilt = existsSync(repository('dist/electron/main.cjs'));
const runtime = isBuilt ? provideElectron() : 'dist/ is not built, run `npm run build`';
const display = typeof runtime === 'string' ? runtime : await startDisplay();
if (typeof display === 'string') console.log(`Skipping the Electron journey: ${display}.`);

const { width, height } = drawnPhotoSize;
const discCentre = [drawnDisc.x / width, drawnDisc.y / height] as const;
const discCorners = [
  [(drawnDisc.x - drawnDisc.radius) / width, (drawnDisc.y - drawnDisc.radius) / height],
  [(drawnDisc.x + drawnDisc.radius) / width, (drawnDisc.y + drawnDisc.radius) / height],
] as const;

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 60_000 };

type WithBridge = typeof globalThis & { pixelSail: HostBridge };

describe.skipIf(typeof display === 'string')('labelling in Electron', { timeout: 180_000 }, () => {
  let home: string;
  let project: string;
  let app: ElectronApplication;
  let page: Page;
  let window: WindowPage;

  async function launch(...parameters: string[]): Promise<void> {
    const { executable, parameters: ours, environment } = runtime as ElectronRuntime;
    app = await _electron.launch({
      executablePath: executable,
      args: [...ours, '--no-sandbox', '--disable-gpu', ...parameters],
      env: {
        ...(process.env as Record<string, string>),
        ...environment,
        DISPLAY: (display as Display).name,
        PIXELSAIL_HOME: home,
      },
    });
    page = await app.firstWindow();
    page.setDefaultTimeout(patience.timeout);
    window = new WindowPage(page);
  }

  /** Signals our backend, or the engine that is its child. */
  function signal(which: 'backend' | 'engine', name: NodeJS.Signals): void {
    const processes = listProcesses();
    const backend = processes.find(
      ({ command }) => command.includes('backend.mjs') && command.includes(home),
    )!;
    const engine = processes.find(({ parent }) => parent === backend.pid)!;
    process.kill(which === 'backend' ? backend.pid : engine.pid, name);
  }

  const call = (method: string, input: unknown): Promise<unknown> =>
    page.evaluate(
      ([name, value]) =>
        (globalThis as WithBridge).pixelSail
          .call(name as 'project.current', value as null)
          .catch((error: unknown) => ({ error })),
      [method, input] as const,
    );

  /** Answers the questions of the main process instead of a person; says what they were. */
  const answerDialogs = (button: number) =>
    app.evaluate(({ dialog }, response) => {
      const asked: string[] = [];
      dialog.showMessageBox = (...parameters: unknown[]) => {
        asked.push((parameters.at(-1) as { message: string }).message);
        return Promise.resolve({ response, checkboxChecked: false });
      };
      Object.assign(globalThis, { asked });
    }, button);
  const askedDialogs = () =>
    app.evaluate(() => (globalThis as typeof globalThis & { asked: string[] }).asked);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'pixel-sail-electron-'));
    project = join(home, 'Discs.pixelsail');
    await drawPhotos(join(home, 'photos'));
    if (!existsSync(repository('models/catalog/pixel-sail-nano/manifest.json'))) {
      console.log('The Electron journey uses the parity model: no pixel-sail-nano yet.');
      await mkdir(join(home, 'models'));
      await convertCheckpoint(
        repository('tests/fixtures/parity-small'),
        join(home, 'models', 'parity-small'),
        { id: 'parity-small', title: 'Parity model', precision: 'fp32' },
      );
    }
    await launch();
  }, 180_000);

  afterAll(async () => {
    await app?.close();
    (display as Display).stop();
    await rm(home, { recursive: true, force: true });
  });

  test('the window shows the interface and gives it the bridge, and nothing else of Electron', async () => {
    await page.getByText(text.start.noRecent).waitFor();
    const surface = await page.evaluate(() => ({
      bridge: Object.keys((globalThis as WithBridge).pixelSail).sort(),
      node: [typeof globalThis.process, 'require' in globalThis, 'module' in globalThis],
    }));
    const bridge: Record<keyof HostBridge, true> = {
      host: true,
      call: true,
      on: true,
      imageUrl: true,
      pathOfFile: true,
      dialogs: true,
      desktop: true,
    };
    expect(surface).toEqual({
      bridge: Object.keys(bridge).sort(),
      node: ['undefined', false, false],
    });
  });

  test('calls outside the contract are refused, errors keep their code', async () => {
    for (const method of ['host.close', 'host.imageFile', 'toString', 'project.explode']) {
      expect(await call(method, null)).toMatchObject({ error: { code: 'not-found' } });
    }
    expect(await call('images.list', { offset: -1 })).toMatchObject({
      error: { code: 'invalid-input' },
    });
  });

  test('creates a project and imports the folder that the native dialog chose', async () => {
    await window.createProject(home, 'Discs');
    await app.evaluate(
      ({ dialog }, folder) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
      },
      join(home, 'photos'),
    );
    await window.button(text.imageList.add).first().click();
    await window.canvas.waitFor();
    await window.ready();
  });

  test('a photo comes over its own protocol, and nothing else does', async () => {
    const image = await page.evaluate(async () => {
      const bridge = (globalThis as WithBridge).pixelSail;
      const { rows } = await bridge.call('images.list', { offset: 0, limit: 1 });
      const load = async (url: string) => {
        const element = new Image();
        element.src = url;
        return element.decode().then(
          () => element.naturalWidth,
          () => null,
        );
      };
      return [
        await load(bridge.imageUrl(rows[0]!.id, 'full')),
        await load(bridge.imageUrl('../../etc/passwd', 'full')),
        await load('app-image://project/..%2f..%2fphoto.jpg/full'),
      ];
    });
    expect(image).toEqual([width, null, null]);
  });

  test('accepts what a prompt proposes, takes it back and does it again', async () => {
    await window.click(discCentre, drawnPhotoSize);
    await window.proposal.waitFor();
    await window.accept('disc');
    await expect.poll(() => window.regions.count(), patience).toBe(1);
    await window.saved.waitFor();
    await window.canvas.focus();
    await page.keyboard.press('Control+z');
    await expect.poll(() => window.regions.count(), patience).toBe(0);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => window.regions.count(), patience).toBe(1);
  });

  test.skipIf(!hasProcesses)(
    'an engine killed during a prompt is started again and asked again, by itself',
    async () => {
      // Stopped first, so that the prompt is surely under way when it dies.
      signal('engine', 'SIGSTOP');
      await window.canvas.focus();
      await page.keyboard.press('r');
      await window.drag(...discCorners, drawnPhotoSize);
      await page.getByText(text.prompt.stages.queued!).first().waitFor();
      signal('engine', 'SIGKILL');
      await window.proposal.waitFor();
      await window.canvas.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => window.regions.count(), patience).toBe(2);
      await window.saved.waitFor();
    },
  );

  test.skipIf(!hasProcesses)(
    'a killed backend comes back with the project and the model',
    async () => {
      signal('backend', 'SIGKILL');
      await expect
        .poll(() => call('project.current', null), patience)
        .toMatchObject({ name: 'Discs', annotations: 2 });
      await expect
        .poll(() => call('models.status', null), patience)
        .toMatchObject({ state: 'ready' });
      await window.canvas.focus();
      await page.keyboard.press('Control+z');
      await expect.poll(() => window.regions.count(), patience).toBe(1);
      await window.saved.waitFor();
    },
  );

  test('exports COCO and proves what it wrote', async () => {
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    await dialog.getByLabel(text.export.file, { exact: true }).fill(join(home, 'discs.json'));
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(/read back and compared/).waitFor();
    const coco = JSON.parse(await readFile(join(home, 'discs.json'), 'utf8')) as object;
    expect(coco).toMatchObject({ categories: [{ name: 'disc' }], annotations: [{ id: 1 }] });
  });

  test('writes no export over the open project that the native dialog chose', async () => {
    await page.keyboard.press('Escape');
    await window.dialog(text.export.title).waitFor({ state: 'detached' });
    const before = await call('project.current', null);
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, project);
    await page.keyboard.press('Control+e');
    const exporting = window.dialog(text.export.title);
    await exporting.getByRole('button', { name: text.dialogs.choose, exact: true }).click();
    await expect
      .poll(() => exporting.getByLabel(text.export.file, { exact: true }).inputValue(), patience)
      .toBe(project);
    await exporting.getByRole('button', { name: text.export.submit, exact: true }).click();
    await page.getByText(/Discs\.pixelsail is named as part of a project/).waitFor();
    expect(await call('project.current', null)).toEqual(before);
    expect((await readFile(project)).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  test('the native menu is made of the commands, and runs them', async () => {
    const menu = await app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()!.items.map(({ label, submenu }) => ({
        label,
        items: submenu!.items.map((item) => item.label),
      })),
    );
    expect(menu.map(({ label }) => label)).toEqual(
      expect.arrayContaining(Object.values(text.commandGroups)),
    );
    expect(menu.find(({ label }) => label === text.commandGroups.project)!.items).toEqual(
      expect.arrayContaining([text.commands.exportDataset, text.nativeMenu.quit]),
    );
    await page.keyboard.press('Escape');
    await window.dialog(text.export.title).waitFor({ state: 'detached' });
    await app.evaluate(
      ({ BrowserWindow, Menu }, [group, label]) => {
        const [window] = BrowserWindow.getAllWindows();
        const items = Menu.getApplicationMenu()!.items.find((item) => item.label === group)!;
        items.submenu!.items.find((item) => item.label === label)!.click(undefined, window);
      },
      [text.commandGroups.help, text.commands.shortcuts] as const,
    );
    await window.dialog(text.dialogs.shortcuts.title).waitFor();
    await page.keyboard.press('Escape');
  });

  test('the frame is light or dark as the settings say', async () => {
    const { settings } = (await call('settings.get', null)) as { settings: object };
    await call('settings.set', { ...settings, theme: 'dark' });
    expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
    await call('settings.set', settings);
  });

  test('a page that crashed is loaded again and shows the project', async () => {
    await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      const isBack = new Promise<void>((resolve) => {
        webContents.once('did-finish-load', () => resolve());
      });
      webContents.forcefullyCrashRenderer();
      return isBack;
    });
    // The driver keeps a crashed page for dead, so the main process looks.
    await expect
      .poll(
        () =>
          app.evaluate(({ BrowserWindow }) =>
            BrowserWindow.getAllWindows()[0]!.webContents.getTitle(),
          ),
        patience,
      )
      .toMatch(/^Discs/);
    await app.close();
  });

  test.skipIf(!hasProcesses)(
    'quitting saves what waits in the page, and the window’s place',
    async () => {
      await launch(project);
      await window.regions.filter({ hasText: 'disc' }).first().waitFor();
      await window.ready();
      // A backend that stands still holds the first change, so that the others wait in the page.
      signal('backend', 'SIGSTOP');
      for (const from of [0.05, 0.3, 0.6]) {
        await window.canvas.focus();
        await page.keyboard.press('Shift+R');
        await window.drag([from, 0.45], [from + 0.1, 0.6], drawnPhotoSize);
      }
      await page.getByText(text.topBar.saving(3)).waitFor();
      await app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 50, width: 1000, height: 700 });
      });
      const closed = app.close();
      signal('backend', 'SIGCONT');
      await closed;
      const database = openProjectDatabase(project);
      expect(database.annotationCount()).toBe(4);
      database.close();
    },
  );

  test('opens the project file it is given, where the window was', async () => {
    await launch(project);
    await window.regions.filter({ hasText: 'disc' }).first().waitFor();
    const bounds = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.getBounds(),
    );
    expect(bounds).toEqual({ x: 40, y: 50, width: 1000, height: 700 });
  });

  test('a second start hands its file to the first and ends', async () => {
    const other = createProjectDatabase(join(home, 'Other.pixelsail'), 'Other');
    other.close();
    const { executable, parameters, environment } = runtime as ElectronRuntime;
    const second = spawn(
      executable,
      [...parameters, '--no-sandbox', '--disable-gpu', 'Other.pixelsail'],
      {
        cwd: home,
        stdio: 'ignore',
        env: {
          ...process.env,
          ...environment,
          DISPLAY: (display as Display).name,
          PIXELSAIL_HOME: home,
        },
      },
    );
    await once(second, 'exit');
    await page.getByRole('button', { name: 'Other' }).waitFor();
    expect(app.windows()).toHaveLength(1);
    await call('project.open', { file: project });
    await window.regions.filter({ hasText: 'disc' }).first().waitFor();
  });

  test('changes that cannot be saved keep the window open until the person gives them up', async () => {
    // Something else deletes the regions that the page still shows.
    const { rows } = (await call('images.list', { offset: 0, limit: 1 })) as ImagePage;
    const document = (await call('images.document', { imageId: rows[0]!.id })) as ImageDocument;
    const removed = Object.fromEntries(document.annotations.map((known) => [known.id, known]));
    const diff = { added: {}, updated: {}, removed };
    expect(await call('journal.apply', { label: 'Remove', diff })).not.toHaveProperty('error');
    await window.regions.filter({ hasText: 'disc' }).first().click();
    await page.keyboard.press('Delete');
    await page.getByText(text.topBar.refused(1)).waitFor();
    await answerDialogs(0);
    await app.evaluate(({ app }) => app.quit());
    await expect.poll(askedDialogs, patience).toEqual([text.topBar.refused(1)]);
    expect(app.windows()).toHaveLength(1);
    await answerDialogs(1);
  });

  test('the page can neither leave nor open windows nor ask for permissions', async () => {
    // By the main process, for the driver would wait for the navigation that never comes.
    const result = await app.evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      const permission: unknown = await webContents.executeJavaScript(
        "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)",
      );
      const refused = new Promise<boolean>((resolve) => {
        webContents.once('will-navigate', (event) => resolve(event.defaultPrevented));
      });
      await webContents.executeJavaScript("void open('https://example.org/')");
      void webContents.executeJavaScript("location.href = 'https://example.org/'; null");
      return {
        permission,
        isRefused: await refused,
        url: webContents.getURL(),
        windows: BrowserWindow.getAllWindows().length,
      };
    });
    expect(result).toEqual({
      permission: 'denied',
      isRefused: true,
      url: 'app://studio/',
      windows: 1,
    });
  });
});
