import { expect, test } from 'vitest';
import { detectFormat } from '../../../../core/formats/registry.ts';
import { memoryFiles } from '../../../support/memory-dataset.ts';

/** Folders of datasets, and the file that a person may give for each. */
const folders: Record<string, { files: Record<string, string>; given: string }> = {
  yolo: {
    given: 'data.yaml',
    files: { 'data.yaml': 'train: images\nnames: {0: owl}\n', 'labels/a.txt': '0 .5 .5 .1 .1\n' },
  },
  voc: {
    given: 'a.xml',
    files: { 'a.xml': '<annotation><size></size></annotation>' },
  },
  'open-images': {
    given: 'train-annotations-bbox.csv',
    files: { 'train-annotations-bbox.csv': 'ImageID,Source,LabelName\n' },
  },
};

async function idsFor(files: Record<string, string>, given: string): Promise<string[]> {
  const found = await detectFormat({ ...memoryFiles(given, files), given });
  return found.map(({ format }) => format.id);
}

test.each(Object.entries(folders))(
  'the folder of %s is meant by its own file, not by one that merely lies there',
  async (id, { files, given }) => {
    const others = { 'foo.md': 'Hello', 'README.txt': 'Hello', 'settings.ini': '[a]' };
    const all = { ...files, ...others };
    expect(await idsFor(all, given)).toContain(id);
    for (const name of Object.keys(others))
      expect([name, await idsFor(all, name)]).toEqual([name, []]);
    const json = { ...files, 'foo.json': '{"hello":1}' };
    expect(await idsFor(json, 'foo.json')).not.toContain(id);
  },
);
