import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { keepHeapSmall } from '../../../app/heap.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import type { JobContext } from '../../../app/jobs/job-kind.ts';
import { newId } from '../../../core/ids.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import { chunksOf } from './bare.ts';
import type { PhaseFigures } from './import-export.ts';

// One phase of the bench in a process of its own, so that its memory is its own: prints its time
// and its peak.

const [phase = '', folder = ''] = process.argv.slice(2);
const file = join(folder, 'instances.json');
const photos = join(folder, 'photos');
const project = join(folder, 'project.pixelsail');
const bare = join(folder, 'bare.sqlite');

/** The phases; those with a project run in this order. */
const phases: Record<string, () => unknown> = {
  'bare hash': async () => {
    for (const name of readdirSync(photos)) {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(join(photos, name))) hash.update(chunk as Buffer);
      hash.digest('hex');
    }
  },
  photos: async () => {
    const database = createProjectDatabase(project, 'Scale');
    await importFolder(database, photos, context());
    database.close();
  },
  'bare parse': () => JSON.parse(readFileSync(file, 'utf8')) as unknown,
  'bare insert': insertBare,
  'export yolo': () =>
    inProject((database) =>
      exportDataset(
        database,
        { path: join(folder, 'yolo'), format: 'yolo', options: { task: 'detect' } },
        context(),
      ),
    ),
  'import yolo': () =>
    inProject(
      (database) =>
        importDataset(
          database,
          { path: join(folder, 'yolo'), format: 'yolo', images: photos },
          context(),
        ),
      join(folder, 'yolo.pixelsail'),
    ),
  import: importCoco,
  'import again': importCoco,
  'bare read': readBare,
  'export evaluation': () =>
    inProject((database) =>
      exportDataset(database, { path: join(folder, 'evaluation.json'), format: 'coco' }, context()),
    ),
  'export training': () =>
    inProject((database) =>
      exportDataset(
        database,
        { path: join(folder, 'training.json'), format: 'coco', options: { profile: 'training' } },
        context(),
      ),
    ),
};

function importCoco(): Promise<void> {
  return inProject((database) =>
    importDataset(database, { path: file, format: 'coco', images: photos }, context()),
  );
}

async function inProject(
  work: (database: ProjectDatabase) => Promise<unknown>,
  opened = project,
): Promise<void> {
  const database = openProjectDatabase(opened);
  await work(database);
  database.close();
}

function context(): JobContext {
  return { jobId: newId(), signal: new AbortController().signal, progress: () => undefined };
}

/** Readied before the clock starts, where a phase has such work. */
let clock = startClock();

function startClock(): { readonly atMs: number; readonly cpu: NodeJS.CpuUsage } {
  return { atMs: performance.now(), cpu: process.cpuUsage() };
}

/**
 * The project's own annotation rows into a plain table with the same columns, a unique id and an
 * R*Tree.
 */
function insertBare(): void {
  const source = new Sqlite(project, { readonly: true });
  const rows = source
    .prepare<[], Record<string, string | number>>('SELECT * FROM annotation')
    .all();
  source.close();
  clock = startClock();
  rmSync(bare, { force: true });
  const database = new Sqlite(bare);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE annotation (export_id INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, image_id TEXT, category_id TEXT,
      x REAL, y REAL, w REAL, h REAL, area REAL, crowd INTEGER, z_order INTEGER, created_at_ms INTEGER,
      updated_at_ms INTEGER, attributes TEXT, provenance TEXT, extra TEXT, geometry TEXT, keypoints TEXT) STRICT;
    CREATE INDEX annotation_by_image ON annotation (image_id);
    CREATE INDEX annotation_by_category ON annotation (category_id);
    CREATE VIRTUAL TABLE box USING rtree (export_id, image_min, image_max, x_min, x_max, y_min, y_max)`);
  const columns = Object.keys(rows[0]!).map((column) => `@${column}`);
  const insert = database.prepare(`INSERT INTO annotation VALUES (${columns.join(', ')})`);
  const insertBox = database.prepare(
    'INSERT INTO box VALUES (@export_id, @z_order, @z_order, @x, @x + @w, @y, @y + @h)',
  );
  for (const part of chunksOf(rows, 1000)) {
    database.transaction(() => {
      for (const row of part) {
        insert.run(row);
        insertBox.run(row);
      }
    })();
  }
  database.close();
}

/** The rows of {@link insertBare} read, parsed and written into a JSON file. */
function readBare(): void {
  const database = new Sqlite(bare, { readonly: true });
  const rows = database.prepare<[], Record<string, unknown> & { geometry: string }>(
    'SELECT * FROM annotation',
  );
  const target = openSync(join(folder, 'bare.json'), 'w');
  for (const part of chunksOf(rows.iterate(), 100)) {
    const written = part.map(({ geometry, ...row }) =>
      JSON.stringify({ ...row, geometry: JSON.parse(geometry) as unknown }),
    );
    writeSync(target, written.join(',\n'));
  }
  closeSync(target);
  database.close();
}

keepHeapSmall();
await phases[phase]!();
const { user, system } = process.cpuUsage(clock.cpu);
const figures: PhaseFigures = {
  ms: performance.now() - clock.atMs,
  processorMs: (user + system) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(figures));
