import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures of scoring. */
export const scoreSentences = sentenceSet(
  {
    scoreNothing: ({ name, task, needed }: { name: string; task: string; needed: string }) =>
      `${name} has no items for ${task}, which needs ${needed}. Choose another task, or add such items.`,
    scoreFileUnfit: ({ name, task, expected }: { name: string; task: string; expected: string }) =>
      `${name} cannot be scored by ${task}: expected ${expected}.`,
    scoreRowUnfit: ({ place, key, expected }: { place: string; key: string; expected: string }) =>
      `${place} cannot be scored: expected ${expected} as "${key}". Correct the row, or write the file again.`,
    scoreMaskSize: ({
      place,
      found,
      expected,
    }: {
      place: string;
      found: string;
      expected: string;
    }) =>
      `The mask of ${place} is ${found} pixels, but the photo is ${expected}. Give masks in the size of the photo.`,
    predictionsUnmatched: ({ name, found, wanted }: Unmatched) =>
      `No row of ${name} names an item that is scored. Its first row names "${found}", the first item is "${wanted}". ` +
      'Give each row the id of its item, or leave out the ids of all rows and keep the order of the items.',
    predictionsTooMany: ({ name, found, items }: { name: string; found: number; items: number }) =>
      `${name} has ${found} rows without an id, but ${items} items are scored. Give each row the "id" of its item, or one row for each item.`,
    scoreImagesMissing: () =>
      'A model needs the photos. Give their folder with --images, or give the answers of another system with --predictions.',
    scorePhotoMissing: ({ file, folder }: { file: string; folder: string }) =>
      `The photo ${file} is not in ${folder}. Give the folder of the photos with --images.`,
    scoreSourceWrong: () =>
      'Expected one source of items: a project with --project, or files with --truth.',
    wordnetMissing: ({ folder, file }: { folder: string; file: string }) =>
      `${folder} is not a WordNet folder: ${file} is missing. Give a folder with index.noun, data.noun, noun.exc and so on.`,
    meteorMissing: ({ folder, file }: { folder: string; file: string }) =>
      `${folder} is not a folder of Meteor 1.5: ${file} is missing. Give the folder "meteor" of the Python package pycocoevalcap.`,
    meteorDamaged: ({ path, reason }: { path: string; reason: string }) =>
      `${path} cannot be read as a file of Meteor 1.5 (${reason}). Install the Python package pycocoevalcap again, or give its folder "meteor".`,
    runMissing: () =>
      'These scores are no longer in the project. Close the view and open it again to see the current scores.',
    runsDiffer: () =>
      'Scores can be compared only for the same task and the same items. Choose two such scores.',
    scoreStopped: () => 'Stopped. No scores were kept.',
    reportForeign: ({ file }: { file: string }) =>
      `${file} has no scores. Expected an output of \`pixelsail score --save\`.`,
  },
  {
    scoreNothing: ({ name, task, needed }) =>
      `${name} 中没有可用于 ${task} 的条目：需要 ${needed}。请选择其他任务，或添加这样的条目。`,
    scoreFileUnfit: ({ name, task, expected }) => `${name} 不能用 ${task} 评分：应为 ${expected}。`,
    scoreRowUnfit: ({ place, key, expected }) =>
      `${place} 无法评分：“${key}”应为 ${expected}。请更正该行，或重新写出文件。`,
    scoreMaskSize: ({ place, found, expected }) =>
      `${place} 的掩码为 ${found} 像素，而照片为 ${expected}。请给出与照片同样大小的掩码。`,
    predictionsUnmatched: ({ name, found, wanted }) =>
      `${name} 中没有一行指明要评分的条目。第一行指明“${found}”，第一个条目为“${wanted}”。` +
      '请为每行给出条目的 id，或去掉所有行的 id 并保持条目的顺序。',
    predictionsTooMany: ({ name, found, items }) =>
      `${name} 有 ${found} 行没有 id，而要评分的条目有 ${items} 个。请为每行给出条目的“id”，或每个条目一行。`,
    scoreImagesMissing: () =>
      '模型需要照片。请用 --images 指定照片文件夹，或用 --predictions 给其他系统的回答评分。',
    scorePhotoMissing: ({ file, folder }) =>
      `${folder} 中没有照片 ${file}。请用 --images 指定照片所在的文件夹。`,
    scoreSourceWrong: () => '应指定一个评分对象：用 --project 指定项目，或用 --truth 指定文件。',
    wordnetMissing: ({ folder, file }) =>
      `${folder} 中没有 WordNet：缺少 ${file}。请指定含有 index.noun、data.noun、noun.exc 等文件的文件夹。`,
    meteorMissing: ({ folder, file }) =>
      `${folder} 中没有 Meteor 1.5：缺少 ${file}。请指定 Python 包 pycocoevalcap 中的 meteor 文件夹。`,
    meteorDamaged: ({ path, reason }) =>
      `无法将 ${path} 作为 Meteor 1.5 的文件读取（${reason}）。请重新安装 Python 包 pycocoevalcap，或指定其中的 meteor 文件夹。`,
    runMissing: () => '这些评分已不在项目中。请关闭视图后重新打开，以查看现有的评分。',
    runsDiffer: () => '只能比较同一任务、同样条目的评分。请选择任务和条目都相同的两次评分。',
    scoreStopped: () => '已停止。没有保留评分。',
    reportForeign: ({ file }) => `${file} 中没有评分。应为 \`pixelsail score --save\` 写出的文件。`,
  },
);

interface Unmatched {
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
}

export const scoreFailure = failuresOf(scoreSentences);
