import type { Locator, Page } from 'playwright-core';
import { fit, toScreen } from '../../renderer/editor/camera.ts';
import { insetsFor } from '../../renderer/editor/canvas-insets.ts';
import { english as text } from '../../renderer/i18n/en.ts';

type Fraction = readonly [x: number, y: number];

/** The window as a person uses it: by its texts, keys and places on the image. */
export class WindowPage {
  readonly page: Page;
  /** Whether the answers of two models stand below the image. */
  comparesModels = false;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  dialog(title: string): Locator {
    return this.page.getByRole('dialog', { name: title, exact: true });
  }

  get canvas(): Locator {
    return this.page.getByRole('application');
  }

  /** The rows of the region list that are regions, not heads of categories. */
  get regions(): Locator {
    const rows = this.page.getByRole('grid', { name: text.regions.title }).getByRole('row');
    return rows.and(this.page.locator(':not([data-head])'));
  }

  get proposal(): Locator {
    return this.page.getByRole('group', { name: text.proposal.label });
  }

  get saved(): Locator {
    return this.page.getByText(text.topBar.saved, { exact: true });
  }

  async createProject(folder: string, name: string): Promise<void> {
    await this.page.getByRole('button', { name: text.start.create }).click();
    const dialog = this.dialog(text.dialogs.create.title);
    await dialog.getByLabel(text.dialogs.create.name, { exact: true }).fill(name);
    await dialog.getByLabel(text.dialogs.create.folder).fill(folder);
    await dialog.getByRole('button', { name: text.dialogs.create.submit }).click();
    await this.page.getByText(text.canvas.emptyTitle).waitFor();
    await dialog.waitFor({ state: 'detached' });
  }

  async importFolder(folder: string): Promise<void> {
    await this.button(text.imageList.add).first().click();
    const dialog = this.dialog(text.dialogs.importFolder.title);
    // Playwright fills in two steps, selecting and inserting; the home folder's path must not come
    // between them.
    await dialog.getByRole('listitem').first().waitFor();
    await dialog.getByLabel(text.dialogs.browser.path).fill(folder);
    await dialog.getByRole('button', { name: text.dialogs.browser.go }).click();
    await dialog
      .getByText(/\.(jpg|png)$/)
      .first()
      .waitFor();
    await dialog
      .getByRole('button', { name: text.dialogs.importFolder.submit, exact: true })
      .click();
    await this.canvas.waitFor();
  }

  /** Waits until the model has looked at the image. */
  async ready(): Promise<void> {
    await this.page.getByText(text.encode.ready).waitFor({ timeout: 60_000 });
  }

  async click(at: Fraction, size: Size, options: { button?: 'right' } = {}): Promise<void> {
    const [x, y] = await this.onScreen(at, size);
    await this.page.mouse.click(x, y, options);
  }

  async drag(from: Fraction, to: Fraction, size: Size): Promise<void> {
    await this.page.mouse.move(...(await this.onScreen(from, size)));
    await this.page.mouse.down();
    await this.page.mouse.move(...(await this.onScreen(to, size)), { steps: 5 });
    await this.page.mouse.up();
  }

  async askWords(words: string): Promise<void> {
    await this.page.getByLabel(text.prompt.label).fill(words);
    await this.page.keyboard.press('Enter');
  }

  /** Accepts the active proposal under a category. */
  async accept(category: string): Promise<void> {
    const field = this.proposal.getByLabel(text.proposal.category);
    await field.fill(category);
    await field.press('Enter');
  }

  async openMenu(command: string): Promise<void> {
    await this.page.locator('header button[aria-haspopup=dialog]').first().click();
    await this.dialog(text.topBar.menu).getByRole('button', { name: command }).click();
  }

  /** The screen point of a fraction of the image while it is shown fitted. */
  async onScreen([fractionX, fractionY]: Fraction, size: Size): Promise<[number, number]> {
    const box = (await this.canvas.boundingBox())!;
    const at = toScreen(fit(size, box, insetsFor('bottom', this.comparesModels)), [
      fractionX * size.width,
      fractionY * size.height,
    ]);
    return [box.x + at[0], box.y + at[1]];
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}
