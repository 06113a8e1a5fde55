import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { addition } from '../../core/diff.ts';
import { makeCategory } from '../../core/project/category-names.ts';
import { personSkeleton } from '../../core/project/person-skeleton.ts';
import { startBrowserHost } from '../support/browser-host.ts';
import { launchChromium } from '../support/chromium.ts';
import { WindowPage } from '../support/window-page.ts';

/**
 * Takes the moving pictures of the tour in docs/site: `npm run docs:pictures`. They are to be
 * looked at; no test compares them.
 */

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = repository('docs/site/public/tour');
const fakeEngine = !existsSync(repository('models/catalog/pixel-sail-nano/manifest.json'));
const house = { width: 1024, height: 788 };
const astronaut = { width: 512, height: 512 };
const frameMs = 900;

const host = await startBrowserHost({ fakeEngine });
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1000, height: 620 } });
const window = new WindowPage(page);

let frames: Buffer[] = [];
const frame = async () => {
  frames.push(await page.screenshot({ animations: 'disabled' }));
};
const write = async (name: string) => {
  const resized = await Promise.all(
    frames.map((one) => sharp(one).resize({ width: 800 }).png().toBuffer()),
  );
  await sharp(resized, { join: { animated: true } })
    .webp({ delay: resized.map(() => frameMs), loop: 0, quality: 70 })
    .toFile(`${folder}/${name}.webp`);
  frames = [];
};

try {
  await mkdir(folder, { recursive: true });
  await page.goto(host.url);
  await window.createProject(host.home, 'Tour');
  await window.importFolder(repository('demo/photos'));
  const person = { ...makeCategory('person', 0), skeleton: personSkeleton };
  const diff = addition(person, makeCategory('house', 1));
  await host.backend.request('journal.apply', { label: 'Categories', diff });
  await page.reload();
  await window.ready();
  await page.getByRole('button', { name: 'prairie-house.jpg' }).click();
  await page.getByRole('application', { name: 'prairie-house.jpg' }).waitFor();
  await window.ready();

  await page.keyboard.press('r');
  await frame();
  const [from, to] = [
    await window.onScreen([0.508, 0.273], house),
    await window.onScreen([0.977, 0.615], house),
  ];
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await frame();
  await page.mouse.move(...to, { steps: 4 });
  await frame();
  await page.mouse.up();
  await window.proposal.waitFor();
  await frame();
  await window.accept('house');
  await window.saved.waitFor();
  await frame();
  await write('prompt');

  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  for (const at of [
    [0.06, 0.5],
    [0.2, 0.42],
    [0.33, 0.55],
    [0.28, 0.75],
    [0.1, 0.78],
  ] as const) {
    await window.click(at, house);
    await frame();
  }
  await page.keyboard.press('Enter');
  await frame();
  await page.keyboard.press('v');
  await window.drag([0.33, 0.55], [0.4, 0.5], house);
  await frame();
  await write('correct');

  await page.getByRole('button', { name: 'astronaut.jpg' }).click();
  await page.getByRole('application', { name: 'astronaut.jpg' }).waitFor();
  await window.ready();
  await page.keyboard.press('1');
  await page.keyboard.press('k');
  const places = [
    ...[
      [0.44, 0.23],
      [0.48, 0.2],
      [0.4, 0.2],
      [0.53, 0.22],
      [0.36, 0.22],
      [0.68, 0.5],
    ],
    ...[
      [0.24, 0.5],
      [0.78, 0.78],
      [0.14, 0.78],
    ],
  ] as const;
  for (const [index, [x, y]] of places.entries()) {
    await window.click([x!, y!], astronaut);
    if (index % 2 === 1) await frame();
  }
  await page.keyboard.press('Enter');
  await frame();
  await write('keypoints');
} finally {
  await browser.close();
  await host.stop();
}
