import { createWriteStream } from 'node:fs';
import {
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { formats } from '../../../core/formats/registry.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { findDamage, valueOf } from '../project-walk.ts';
import { writeDataset } from './coco-dataset.ts';

interface Written {
  readonly format: string;
  readonly path: string;
}

/**
 * Datasets in every format that the program both writes and reads, with a file that is damaged, has
 * another name or is a link, or as a damaged archive: what is imported leaves the project whole.
 */
export const datasets: Family = {
  name: 'datasets',
  weight: 24,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const { coco, images } = await writeDataset(shared);
    const written = await writeInEveryFormat(application, shared, { coco, images });
    return async (mutator, folder) => {
      const { format, path } = mutator.pick(written);
      const copy = join(folder, basename(path));
      await cp(path, copy, { recursive: true });
      const files = await filesUnder(copy);
      for (let count = 1 + mutator.below(2); count > 0; count--) {
        await damageFile(mutator, mutator.pick(files), folder);
      }
      const given = mutator.chance(0.2) ? await zipOf(mutator, copy, folder) : copy;
      await application.newProject(join(folder, 'project'));
      try {
        const result = await application.call('dataset.import', {
          path: given,
          images,
          ...(mutator.chance(0.7) ? { format } : {}),
        });
        const fault = await findDamage(application);
        const outcome = result.ok ? ({ ended: 'accepted' } as const) : refused(result.error);
        if (outcome.fault) return { ...outcome, fault: `${format}: ${outcome.fault}` };
        const strays = (await readdir(folder)).filter((name) => name.startsWith('escaped'));
        if (strays.length > 0) return { ...outcome, fault: `${format}: wrote ${strays.join()}` };
        return fault ? { ...outcome, fault: `${format}: ${fault}` } : outcome;
      } finally {
        await application.clear();
      }
    };
  },
};

async function writeInEveryFormat(
  application: ApplicationUnderTest,
  shared: string,
  { coco, images }: { coco: string; images: string },
): Promise<Written[]> {
  await application.newProject(join(shared, 'sound'));
  valueOf(await application.call('dataset.import', { path: coco, format: 'coco', images }));
  const written: Written[] = [];
  for (const { id, exporter, writer, importer, reader } of formats) {
    const output = (exporter ?? writer)?.output;
    if (!output || !(importer ?? reader)) continue;
    const path = join(shared, `written-${id}${output.kind === 'file' ? output.ending : ''}`);
    const result = await application.call('dataset.export', { path, format: id });
    // Some hold nothing of what this project has.
    if (result.ok) written.push({ format: id, path });
  }
  await application.clear();
  return written;
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return found?.isFile() ? [path] : [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

const attributes = ['nan', 'NaN', '1e308', '-1e308', 'Infinity', '-0', '9'.repeat(400), '1e-320'];

async function damageFile(mutator: Mutator, path: string, folder: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile()) return;
  const bytes = await readFile(path);
  switch (mutator.below(8)) {
    case 0:
      return rm(path);
    case 1:
      await rm(path);
      return symlink(mutator.pick(['/dev/zero', '/etc/passwd', path, '..']), path);
    case 2:
      await mkdir(dirname(path), { recursive: true });
      return rename(
        path,
        join(dirname(path), mutator.pick(['x', 'é.json', 'a\nb.txt', '-rf.xml'])),
      );
    case 3:
      return writeFile(path, damagedText(mutator, bytes.toString('latin1')), 'latin1');
    case 4:
      return writeFile(path, damagedNumbers(mutator, bytes.toString('latin1')), 'latin1');
    case 5:
      return writeFile(path, hostileFile(mutator, folder));
    default:
      return writeFile(path, damagedJsonOf(mutator, bytes) ?? mutator.damagedBytes(bytes, 0.3));
  }
}

function damagedJsonOf(mutator: Mutator, bytes: Buffer): string | null {
  try {
    return JSON.stringify(mutator.damagedJson(JSON.parse(bytes.toString()))) ?? null;
  } catch {
    return null;
  }
}

/** Words and numbers exchanged for hostile ones where they stand. */
function damagedText(mutator: Mutator, text: string): string {
  return text.replace(/[A-Za-z0-9_.-]+/g, (word) => (mutator.chance(0.03) ? mutator.text() : word));
}

function damagedNumbers(mutator: Mutator, text: string): string {
  return text.replace(/-?\d+(\.\d+)?/g, (number) =>
    mutator.chance(0.08) ? mutator.pick([...attributes, String(mutator.number())]) : number,
  );
}

/** Whole files that have broken readers. */
function hostileFile(mutator: Mutator, folder: string): string | Buffer {
  const deep = 20_000;
  return mutator.pick([
    '',
    '\ufeff',
    '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotations><image>&a;</image></annotations>',
    `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1000)}">${'bcdefg'
      .split('')
      .map((name, index) => `<!ENTITY ${name} "${`&${'abcdef'[index]};`.repeat(30)}">`)
      .join('')}]><annotation>&g;</annotation>`,
    `${'<annotations>'.repeat(deep)}${'</annotations>'.repeat(deep)}`,
    `${'['.repeat(deep)}${']'.repeat(deep)}`,
    `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
    `${'- '.repeat(deep)}x`,
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`)
      .join('\n')}\nnames: *i`,
    `path: ${folder}/../..\ntrain: ../../../../etc\nnames: {0: a, 1: a, -1: b, 1e9: c}`,
    `nc: 1000000000\ntrain: images\nnames: [${'a,'.repeat(5000)}]`,
    '0 nan nan nan nan\n1e9 0.5 0.5 0.5 0.5\n-1 0 0 0 0\n0 0.1 0.1 0.2\n',
    'ImageID,Source\n"unclosed',
    `${'a,'.repeat(100_000)}\n`,
    Buffer.from(
      '80049520000000000000008c05706f736978948c0673797374656d9493948c0269649485945294',
      'hex',
    ),
    Buffer.from('PAR1\u0000\u0000\u0000\u0000\u00ff\u00ff\u00ff\u007fPAR1', 'latin1'),
  ]);
}

const oddNames = ['...zip', 'a.zip', '-.zip', '.. .zip', `${'z'.repeat(240)}.zip`];

/** The dataset as an archive, whole, damaged, or with names and sizes that lie. */
async function zipOf(mutator: Mutator, source: string, folder: string): Promise<string> {
  const zip = new ZipFile();
  const top = basename(source);
  for (const file of await filesUnder(source)) {
    const name = file.slice(dirname(source).length + 1);
    zip.addFile(file, mutator.chance(0.5) || name === top ? name : name.slice(top.length + 1));
  }
  if (mutator.chance(0.3)) zip.addBuffer(Buffer.alloc(300 * 2 ** 20), 'zeros.json');
  if (mutator.chance(0.3)) zip.addBuffer(Buffer.from('x'), 'XX/XX/escaped.jpg');
  zip.end();
  const path = join(folder, mutator.pick(oddNames));
  await pipeline(zip.outputStream, createWriteStream(path));
  const bytes = await readFile(path);
  const text = bytes.toString('latin1').replaceAll('XX/XX/escaped', '../../escaped');
  const changed = Buffer.from(text, 'latin1');
  await writeFile(path, mutator.chance(0.5) ? changed : mutator.damagedBytes(changed, 0.1));
  return path;
}
