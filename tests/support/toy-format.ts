import { z } from 'zod';
import { failuresOf } from '../../core/errors.ts';
import type { DatasetRow } from '../../core/formats/dataset-row.ts';
import type { DatasetFormat } from '../../core/formats/format.ts';
import { optionWords } from '../../core/formats/options.ts';
import { formats } from '../../core/formats/registry.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

const sentences = sentenceSet(
  {
    toyLineWrong: ({ found }: { found: string }) => `it is no line of four numbers but ${found}`,
    toyOutlineLost: () => 'only its box is written',
  },
  {
    toyLineWrong: ({ found }) => `它不是四个数，而是 ${found}`,
    toyOutlineLost: () => '只写出它的框',
  },
);
const problem = failuresOf(sentences);

const options = z.object({
  unit: z
    .enum(['pixel', 'percent'])
    .default('pixel')
    .meta(
      optionWords(
        { title: 'Unit of boxes', choices: { pixel: 'Pixels', percent: 'Percent' } },
        { title: '框的单位', choices: { pixel: '像素', percent: '百分比' } },
      ),
    ),
});
type Options = z.infer<typeof options>;

/**
 * A whole format in one file: a folder of `<file name>.toy`, whose first line is JSON and whose
 * others are boxes.
 */
export const toyFormat: DatasetFormat<Record<string, never>, Options> = {
  id: 'toy',
  title: 'Toy boxes',
  cannotHold: 'Everything but boxes with a category.',
  chinese: { cannotHold: '除带类别的框以外的一切。' },
  detect: async (files) =>
    (await files.list()).some((path) => path.endsWith('.toy')) ? 'certain' : 'none',
  reader: {
    async *read(files): AsyncGenerator<DatasetRow> {
      for (const path of await files.list()) {
        if (!path.endsWith('.toy')) continue;
        const [head, ...lines] = (await files.text(path)).trimEnd().split('\n');
        const { width, height, isEmpty, unit } = JSON.parse(head!) as Head;
        yield {
          kind: 'image',
          place: path,
          key: path,
          fileName: path.slice(0, -'.toy'.length),
          size: { width, height },
          ...(isEmpty && { state: 'reviewed-empty' as const }),
        };
        for (const [index, line] of lines.entries()) {
          const place = `${path} line ${index + 2}`;
          const [name, ...numbers] = line.split('\t');
          const [x, y, w, h] = numbers.map(Number);
          if (numbers.length === 4) {
            const shape = {
              kind: 'box' as const,
              box: [x!, y!, w!, h!] as [number, number, number, number],
            };
            yield { kind: 'annotation', place, image: path, category: name!, shape, unit };
          } else {
            const found = JSON.stringify(line);
            yield {
              kind: 'note',
              place,
              isLoss: true,
              problem: problem('invalid-input', 'toyLineWrong', { found }),
            };
          }
        }
      }
    },
  },
  writeOptions: options,
  writer: {
    output: { kind: 'folder' },
    minimumIou: 0.999,
    async write(source, { unit }, output, note) {
      for (const written of source.images()) {
        const { image, fileName } = written;
        const { width, height, state } = image;
        const head: Head = { width, height, isEmpty: state === 'reviewed-empty', unit };
        const factors =
          unit === 'pixel' ? [1, 1, 1, 1] : [100 / width, 100 / height, 100 / width, 100 / height];
        const lines = written.annotations().flatMap(({ exportId, category, annotation }) => {
          const what = `${fileName}, annotation ${exportId}`;
          const isLoss = category === null;
          if (isLoss || annotation.geometry.kind !== 'box') {
            const said = problem('invalid-input', 'toyOutlineLost', {});
            note({ what, section: 'annotations', isLoss, problem: said });
          }
          if (category === null) return [];
          const numbers = annotation.bbox.map((value, index) => value * factors[index]!);
          return [[category.category.name, ...numbers].join('\t')];
        });
        await output.write(`${fileName}.toy`, [JSON.stringify(head), ...lines, ''].join('\n'));
      }
    },
    expected: ({ annotation, category }) =>
      category === null ? null : { kind: 'box', box: annotation.bbox },
  },
};

interface Head {
  readonly width: number;
  readonly height: number;
  readonly isEmpty: boolean;
  readonly unit: 'pixel' | 'percent';
}

/** Puts a format into the registry, as its line there would. @returns takes it out again */
export function register(format: DatasetFormat): () => void {
  const list = formats as DatasetFormat[];
  list.push(format);
  return () => void list.splice(list.indexOf(format), 1);
}
