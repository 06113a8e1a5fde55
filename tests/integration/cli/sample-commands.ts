import { basename } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { samFiles } from '../../support/sam-fixture.ts';
import { tinyCheckpoint, type Workplace } from './workplace.ts';

/** The commands that do something themselves, by their full name, as the program registers them. */
export function leafCommands(
  program: Command,
  above: readonly string[] = [],
): Map<string, Command> {
  const leaves = new Map<string, Command>();
  for (const command of program.commands) {
    const name = [...above, command.name()];
    if (command.commands.length === 0) leaves.set(name.join(' '), command);
    for (const [full, leaf] of leafCommands(command, name)) leaves.set(full, leaf);
  }
  return leaves;
}

/**
 * A call of a command that ends well: what its arguments are, and the options that it cannot do
 * without.
 */
export interface SampleCall {
  readonly arguments: readonly string[];
  readonly options: readonly string[];
}

/** Commands that lack their Python or their Redis server here, and say so. */
export const lackingCommands: readonly string[] = ['finetune', 'worker', 'queue'];

/**
 * A call of every command, on what {@link makeSamples} has put into the workplace. `fresh` gives a
 * new name each time.
 */
export function sampleCalls(workplace: Workplace, fresh: () => string): Map<string, SampleCall> {
  const photo = workplace.path('photos', 'one.jpg');
  const project = workplace.path('birds');
  const dataset = ['--coco', workplace.path('coco.json'), '--images', workplace.path('photos')];
  const evaluation = [...dataset, '--limit', '1'];
  return new Map<string, SampleCall>([
    ['init', { arguments: [fresh()], options: [] }],
    ['check', { arguments: [project], options: [] }],
    ['rescue', { arguments: [project, fresh()], options: [] }],
    ['backup', { arguments: [project, fresh()], options: [] }],
    ['handout', { arguments: [project, fresh()], options: [] }],
    ['merge', { arguments: [project, workplace.path('part.pixelsail')], options: [] }],
    ['import', { arguments: [project, workplace.path('photos')], options: [] }],
    ['segment', { arguments: [photo], options: ['--box', '16,12,24,24'] }],
    ['describe', { arguments: [photo], options: [] }],
    ['ask', { arguments: [photo], options: ['--text', 'What?'] }],
    ['annotate', { arguments: [project], options: ['--everything', '--grid', '1'] }],
    ['export', { arguments: [workplace.path('labels'), fresh()], options: [] }],
    ['formats', { arguments: [], options: [] }],
    ['eval', { arguments: [], options: ['--prompt', 'text', ...evaluation] }],
    ['compare', { arguments: [], options: ['--model', workplace.model, ...evaluation] }],
    [
      'score',
      { arguments: [], options: ['--task', 'detection', '--project', workplace.path('labels')] },
    ],
    [
      'compare-datasets',
      { arguments: [workplace.path('labels'), workplace.path('coco.json')], options: [] },
    ],
    ['calibrate', { arguments: [], options: evaluation }],
    ['models list', { arguments: [], options: [] }],
    [
      'models add',
      { arguments: samFiles('sam2'), options: ['--id', basename(fresh()), '--license', 'MIT'] },
    ],
    ['models verify', { arguments: [workplace.model], options: [] }],
    ['models show', { arguments: [workplace.model], options: [] }],
    ['finetune', { arguments: [project], options: [] }],
    ['convert', { arguments: [tinyCheckpoint, fresh()], options: [] }],
    ['doctor', { arguments: [], options: [] }],
    ['bench', { arguments: [], options: ['--image', photo, '--rounds', '1'] }],
    ['serve', { arguments: [project], options: [] }],
    // No server listens there.
    ['worker', { arguments: [], options: ['--redis', 'redis://127.0.0.1:1'] }],
    ['queue', { arguments: [], options: ['--redis', 'redis://127.0.0.1:1'] }],
  ]);
}

export const wordsOf = (name: string, call: SampleCall): string[] => [
  ...name.split(' '),
  ...call.arguments,
  ...call.options,
];

/** Two projects of two photos with a square each, a dataset of them and a package. */
export async function makeSamples(workplace: Workplace): Promise<void> {
  await workplace.convertModel();
  await workplace.drawPhotos('photos/one.jpg', 'photos/two.jpg');
  const square = [[16, 12, 40, 12, 40, 36, 16, 36]];
  const dataset = {
    images: ['one', 'two'].map((name, index) => {
      return { id: index + 1, file_name: `${name}.jpg`, width: 64, height: 48 };
    }),
    categories: [{ id: 1, name: 'square' }],
    annotations: [1, 2].map((id) => ({ id, image_id: id, category_id: 1, segmentation: square })),
  };
  await workplace.writeBroken('coco.json', JSON.stringify(dataset));
  // Annotating adds regions without a category to the first project; datasets do not store them.
  for (const project of ['birds', 'labels']) {
    await workplace.run('init', project);
    await workplace.run('import', project, 'coco.json', '--images', 'photos');
  }
  await workplace.run('handout', 'birds', 'part.pixelsail');
}

/** Whether what is given there names a file or folder. */
export function isPath(parameter: Argument | Option): boolean {
  const name = 'flags' in parameter ? /<(.*)>/.exec(parameter.flags)?.[1] : parameter.name();
  return /^(dir|files?|folder|source|target|image|project|model|coco\.json)(\.\.\.)?$/.test(
    name ?? '',
  );
}
