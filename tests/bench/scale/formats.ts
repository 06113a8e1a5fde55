import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonWith } from '../line-child.ts';
import type { BenchRow, Target } from '../statistics.ts';
import { memoryTarget, runPhase, type PhaseFigures } from './import-export.ts';
import { makeDataset } from './made-dataset.ts';
import { scaleOf } from './make-project.ts';

const script = fileURLToPath(new URL('../datumaro_dataset.py', import.meta.url));

interface DatumaroFigures {
  readonly images: number;
  readonly read: PhaseFigures;
  readonly write: PhaseFigures;
}

/**
 * Times the import and the proven export of COCO and of YOLO boxes, and datumaro reading and
 * writing the same files where PIXELSAIL_PYTHON has it. The photos are registered before.
 */
export async function benchFormats(annotations: number): Promise<BenchRow[]> {
  const size = scaleOf(annotations);
  const python = pythonWith('datumaro');
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-formats-'));
  try {
    const made = await makeDataset(folder, size.images, 10);
    runPhase('photos', folder);
    copyFileSync(join(folder, 'project.pixelsail'), join(folder, 'yolo.pixelsail'));
    const coco = { read: runPhase('import', folder), write: runPhase('export training', folder) };
    const exported = runPhase('export yolo', folder);
    const yolo = { read: runPhase('import yolo', folder), write: exported };
    linkPhotos(join(folder, 'yolo'), made.photos);
    const other = (source: string, format: string): DatumaroFigures | null =>
      python === null ? null : readWithDatumaro(python, source, format, folder);
    const ofCoco = other(cocoFolder(folder), 'coco_instances');
    const ofYolo = other(join(folder, 'yolo'), 'yolo');
    const amount = `${size.images} images, ${annotations} annotations`;
    return [
      besideDatumaro(`import COCO (${amount})`, coco.read, ofCoco?.read),
      besideDatumaro(`export and prove COCO (${amount})`, coco.write, ofCoco?.write),
      besideDatumaro(`import YOLO (${amount})`, yolo.read, ofYolo?.read),
      besideDatumaro(`export and prove YOLO (${amount})`, yolo.write, ofYolo?.write),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The COCO file and the photos where datumaro looks for them. */
function cocoFolder(folder: string): string {
  const target = join(folder, 'coco');
  mkdirSync(join(target, 'annotations'), { recursive: true });
  linkSync(join(folder, 'instances.json'), join(target, 'annotations', 'instances_train.json'));
  symlinkSync(join(folder, 'photos'), join(target, 'images'));
  return target;
}

/** Puts the photos of a YOLO folder where datumaro, which reads their sizes, looks for them. */
function linkPhotos(yolo: string, photos: string): void {
  for (const label of readdirSync(join(yolo, 'labels'), { recursive: true }) as string[]) {
    const { dir, name, ext } = parse(label);
    if (ext !== '.txt') continue;
    const target = join(yolo, 'images', dir, `${name}.jpg`);
    mkdirSync(dirname(target), { recursive: true });
    linkSync(join(photos, `${name}.jpg`), target);
  }
}

function readWithDatumaro(
  python: string,
  source: string,
  format: string,
  folder: string,
): DatumaroFigures {
  console.error(`bench: datumaro, ${format}`);
  const target = join(folder, `datumaro-${format}`);
  const child = spawnSync(python, [script, source, format, target, format], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.status !== 0) throw new Error(`datumaro failed on ${format}.`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1)!) as DatumaroFigures;
}

function besideDatumaro(name: string, own: PhaseFigures, other?: PhaseFigures | null): BenchRow {
  const described = (figures: PhaseFigures): string =>
    `${(figures.processorMs / 1000).toFixed(1)} s of processor time, ${Math.round(figures.megabytes)} MB`;
  const beside = other
    ? `datumaro ${(other.ms / 1000).toFixed(1)} s, ${described(other)}: ` +
      `${(own.ms / other.ms).toFixed(2)} times as long, ${(own.processorMs / other.processorMs).toFixed(2)} times the ` +
      `processor time, ${(own.megabytes / other.megabytes).toFixed(2)} times the memory`
    : 'datumaro was not measured';
  const targets: Target[] = [memoryTarget(own)];
  if (other) {
    const times = (figure: 'processorMs' | 'megabytes'): number => own[figure] / other[figure];
    targets.push(
      { what: 'times the processor time of datumaro', found: times('processorMs'), most: 1 },
      { what: 'times the memory of datumaro', found: times('megabytes'), most: 0.5 },
    );
  }
  return {
    name,
    value: own.ms / 1000,
    unit: 's',
    baseline: `${described(own)}; ${beside}`,
    targets,
  };
}
