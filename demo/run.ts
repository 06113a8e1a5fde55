import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { categoriesFor } from '../core/project/category-names.ts';
import { exportDataset } from '../app/features/dataset/dataset-export.ts';
import { locateImage } from '../app/features/images/image-files.ts';
import { importFolder } from '../app/features/images/image-import.ts';
import { itemsOf, makeItem, oneSegment } from '../core/project/make-item.ts';
import { annotationOfMask, modelProvenance } from '../core/project/mask-annotation.ts';
import { Projects } from '../app/features/project/projects.ts';
import { userDataFolder } from '../app/user-data.ts';
import { askModel } from '../models/ask-model.ts';
import { exportInWords } from '../cli/commands/export.ts';
import { runCommandLine } from '../cli/program.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../cli/model.ts';
import { count, duration, reportFailure } from '../cli/output.ts';
import { overlayOutput, writeOverlay } from '../cli/overlay.ts';
import { addition } from '../core/diff.ts';
import { newId } from '../core/ids.ts';
import type { AnswerMask, ModelRequest, ModelResult } from '../core/prompt.ts';
import type { Annotation, ImageRecord, Item } from '../core/records.ts';
import type { ProjectDatabase } from '../db/project-database.ts';
import { decodeImage } from '../models/image/decode.ts';
import type { Model } from '../models/model.ts';
import type { RgbImage } from '../models/image/rgb-image.ts';
import { demoPrompts, type DemoPrompt } from './prompts.ts';

/**
 * `npm run demo [-- --out DIR --model DIR]`: the main job without a display. Photos into a new
 * project; box, point and text prompts; masks and descriptions into the project; COCO datasets
 * with proof; overlays to look at; and the model's scores on the sample benchmark.
 */
const photos = join(import.meta.dirname, 'photos');
const benchmark = join(import.meta.dirname, 'benchmark');
const context = {
  jobId: newId(),
  signal: new AbortController().signal,
  progress: () => undefined,
};

const command = new Command('demo').option('--out <dir>', 'folder to work in (default: a new one)');
const { out, ...modelOptions } = addModelOptions(command)
  .parse()
  .opts<ModelOptions & { out?: string }>();
await main(resolve(out ?? mkdtempSync(join(tmpdir(), 'pixel-sail-demo-'))), modelOptions).catch(
  (thrown: unknown) => {
    process.exitCode = reportFailure(false, thrown);
  },
);

async function main(folder: string, options: ModelOptions): Promise<void> {
  const startedAtMs = performance.now();
  const model = await openModel(options);
  say(`Loaded ${model.manifest.title} on ${describeDevice(model.device)}`);
  const projects = new Projects(userDataFolder());
  const { file } = await projects.create(folder, 'Demo');
  try {
    const database = projects.require();
    const imported = await importFolder(database, photos, context);
    say(`Made the project ${file} with ${count(imported.images, 'photo')} of ${photos}`);
    for (const { image } of database.exportImages()) {
      await annotatePhoto(database, model, image, join(folder, 'overlays'));
    }
    for (const profile of ['evaluation', 'training'] as const) {
      const target = join(folder, `coco-${profile}.json`);
      say(exportInWords(await exportDataset(database, { path: target, format: 'coco', options: { profile } }, context)));
    }
    const problems = database.check();
    say(problems.length === 0 ? 'The project is whole.' : problems.join('\n'));
  } finally {
    await projects.close();
    await model.dispose();
  }
  const source = ['--truth', benchmark, '--images', photos];
  const chosen = options.model === undefined ? [] : ['--model', options.model];
  say('The sample benchmark, as the code of PerBench scores it and corrected:');
  await runCommandLine(['score', '--task', 'perbench', ...source, ...chosen]);
  say(`Done in ${duration(performance.now() - startedAtMs)}. Look at ${join(folder, 'overlays')}`);
}

async function annotatePhoto(
  database: ProjectDatabase,
  model: Model,
  record: ImageRecord,
  overlays: string,
): Promise<void> {
  const name = basename(record.path);
  const prompts = demoPrompts[name] ?? [];
  const image = await decodeImage(await locateImage(database, record));
  say(`${name}, ${record.width} x ${record.height} pixels`);
  const annotations: Annotation[] = [];
  const items: Item[] = [];
  const masks: AnswerMask[] = [];
  const { ids, added } = categoriesFor(
    database.categories(),
    prompts.map(({ category }) => category),
  );
  for (const prompt of prompts) {
    const request = segmentation(prompt);
    const result = await askModel(model, image, request);
    for (const mask of result.answers.flatMap((answer) => answer.masks)) {
      if (mask.area === 0) continue;
      const annotation = annotationOfMask(mask, {
        imageId: record.id,
        categoryId: ids.get(prompt.category)!,
        zOrder: annotations.length,
        request,
        model: result.model,
      });
      annotations.push(annotation);
      items.push(...(await describe(model, image, annotation, mask)));
      masks.push(mask);
    }
    tell(prompt, result, itemsOf(items, annotations.at(-1)?.id ?? ''));
  }
  const diff = addition(...added, ...annotations, ...items);
  database.apply(`Demo: ${name}`, diff, { imageId: record.id });
  await writeOverlay(
    overlayOutput(join(overlays, name.replace(/\.jpg$/, '.png')), join(photos, name), false),
    image,
    masks.map(({ rle }) => rle),
  );
}

function segmentation({ region, category }: DemoPrompt): ModelRequest {
  return region === null
    ? { task: 'segment', text: category, regions: [] }
    : { task: 'segment', text: null, regions: [region] };
}

/** The model's words about an annotation's mask. */
async function describe(
  model: Model,
  image: RgbImage,
  annotation: Annotation,
  mask: AnswerMask,
): Promise<Item[]> {
  const request: ModelRequest = {
    task: 'describe',
    regions: [{ marks: [{ kind: 'mask', rle: mask.rle }] }],
  };
  const result = await askModel(model, image, request);
  const text = result.answers[0]?.text;
  if (!text) return [];
  const provenance = modelProvenance(mask, { request, model: result.model });
  const { id, imageId } = annotation;
  const subject = { imageId, segments: oneSegment('description', id) };
  return [makeItem({ task: 'description', content: { text } }, subject, provenance)];
}

function tell(prompt: DemoPrompt, result: ModelResult, items: readonly Item[]): void {
  const masks = result.answers.flatMap((answer) => answer.masks);
  const pixels = masks.map(({ area, score }) => `${count(area, 'pixel')}, score ${score.toFixed(2)}`);
  const words = masks.length > 0 ? items[0] : undefined;
  say(
    `  ${prompt.category} by ${prompt.asked}: ${pixels.join('; ') || 'no mask'} in ${duration(result.timings.total ?? 0)}` +
      (words?.task === 'description' ? `\n    “${words.content.text}”` : ''),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
