import { failuresOf } from '../core/errors.ts';
import type { ModelTask, SegmentPrompt } from '../core/prompt.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** What a model can do, in the words that follow "can" and "cannot". */
const modelTaskWords: Readonly<Record<ModelTask, string>> = {
  segment: 'mark regions',
  describe: 'describe regions',
  ask: 'answer questions',
};

const segmentPromptWords: Readonly<Record<SegmentPrompt, string>> = {
  text: 'words',
  region: 'marks on the image',
  everything: 'the wish for everything',
};

const chineseModelTasks: Readonly<Record<ModelTask, string>> = {
  segment: '标记区域',
  describe: '描述区域',
  ask: '回答问题',
};

const chineseSegmentPrompts: Readonly<Record<SegmentPrompt, string>> = {
  text: '文字',
  region: '图像上的标记',
  everything: '“全部分割”的请求',
};

const chineseMarks: Readonly<Record<string, string>> = {
  point: '点',
  box: '框',
  scribble: '涂线',
  polygon: '多边形',
  mask: '掩码',
};

interface MisplacedPrompt {
  readonly width: number;
  readonly height: number;
  readonly kind: string;
  /** Which of several regions it belongs to, with a space before it; else empty. */
  readonly where: string;
}

/** What is said of models, and of prompts that they cannot answer. */
export const modelSentences = sentenceSet(
  {
    modelCannot: ({
      id,
      task,
      tasks,
    }: {
      id: string;
      task: ModelTask;
      tasks: readonly ModelTask[];
    }) =>
      `The model ${id} cannot ${modelTaskWords[task]}; it can ${tasks.map((known) => modelTaskWords[known]).join(' and ')}. ` +
      'Load another model for that.',
    modelTakesNo: ({
      id,
      prompt,
      prompts,
    }: {
      id: string;
      prompt: SegmentPrompt;
      prompts: readonly SegmentPrompt[];
    }) =>
      `The model ${id} does not take ${segmentPromptWords[prompt]}; it takes ${prompts.map((known) => segmentPromptWords[known]).join(' and ')}. ` +
      'Load another model for that.',
    modelClosed: ({ id }: { id: string }) => `The model ${id} was closed; load it again.`,
    graphWeightsElsewhere: ({ path, file }: { path: string; file: string }) =>
      `${path} takes weights from ${JSON.stringify(file)}; they must lie beside it, under a name of letters, digits, dots, hyphens ` +
      'and underscores. Export the model again.',
    graphsUnknown: ({ graphs, kinds }: { graphs: readonly string[]; kinds: readonly string[] }) =>
      `These files are no model that this version knows by its inputs and outputs. Found ${graphs.join('; ')}. ` +
      `Expected the ONNX files of ${kinds.join(', ')}. Give all files of one model, as they were exported.`,
    packageFamilyUnknown: ({
      path,
      family,
      known,
    }: {
      path: string;
      family: string;
      known: readonly string[];
    }) =>
      `${path} is a model of the family "${family}", which this version cannot run; it runs ${known.join(', ')}. ` +
      'Install a newer version, or a package of another model.',
    promptOutsideImage: ({ kind, where, width, height }: MisplacedPrompt) =>
      `The ${kind} prompt${where} covers no pixel of the image, which is ${width} x ${height} pixels ` +
      'with (0, 0) at the top left. Place it inside the image.',
    promptMaskSize: ({ width, height, found }: { width: number; height: number; found: string }) =>
      `A mask prompt must have the image's size, ${width} x ${height} pixels, but it has ${found}.`,
    promptOnlyNegative: () =>
      'A region needs a mark that says what it is, but all of its marks say what it is not. Add a point, box or stroke on the object.',
  },
  {
    modelCannot: ({ id, task, tasks }) =>
      `模型 ${id} 不能${chineseModelTasks[task]}；它能${tasks.map((known) => chineseModelTasks[known]).join('、')}。请为此加载其他模型。`,
    modelTakesNo: ({ id, prompt, prompts }) =>
      `模型 ${id} 不接受${chineseSegmentPrompts[prompt]}；它接受${prompts.map((known) => chineseSegmentPrompts[known]).join('、')}。请为此加载其他模型。`,
    modelClosed: ({ id }) => `模型 ${id} 已关闭；请重新加载。`,
    graphWeightsElsewhere: ({ path, file }) =>
      `${path} 从 ${JSON.stringify(file)} 读取权重；权重文件必须与它放在一起，名称只能含字母、数字、点、连字符和下划线。请重新导出模型。`,
    graphsUnknown: ({ graphs, kinds }) =>
      `从输入和输出来看，这些文件不是此版本认识的模型。找到：${graphs.join('；')}。` +
      `应为以下模型的 ONNX 文件：${kinds.join('、')}。请给出同一模型导出的全部文件。`,
    packageFamilyUnknown: ({ path, family, known }) =>
      `${path} 是“${family}”系列的模型，此版本无法运行；可运行的系列：${known.join('、')}。请安装新版本，或换用其他模型包。`,
    promptOutsideImage: ({ kind, where, width, height }) =>
      `${chineseMarks[kind] ?? kind}提示${where}没有覆盖图像的任何像素；图像为 ${width} x ${height} 像素，左上角为 (0, 0)。请把它放在图像之内。`,
    promptMaskSize: ({ width, height, found }) =>
      `掩码提示的大小必须与图像相同，即 ${width} x ${height} 像素，而它是 ${found}。`,
    promptOnlyNegative: () =>
      '一个区域至少需要一个表示“属于它”的标记，但现有标记都表示“不属于它”。请在对象上添加点、框或涂线。',
  },
);

export const modelFailure = failuresOf(modelSentences);
