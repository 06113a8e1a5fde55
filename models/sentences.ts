import { failuresOf } from '../core/errors.ts';
import type { ModelTask, SegmentPrompt } from '../core/prompt.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** A task of a model, as a phrase after "can" and "cannot". */
const modelTaskWords: Readonly<Record<ModelTask, string>> = {
  segment: 'segment regions',
  describe: 'describe regions',
  ask: 'answer questions',
};

const segmentPromptWords: Readonly<Record<SegmentPrompt, string>> = {
  text: 'text prompts',
  region: 'marks on the image',
  everything: 'the prompt "everything"',
};

const chineseModelTasks: Readonly<Record<ModelTask, string>> = {
  segment: '分割区域',
  describe: '描述区域',
  ask: '回答问题',
};

const chineseSegmentPrompts: Readonly<Record<SegmentPrompt, string>> = {
  text: '文本提示',
  region: '图像上的标记',
  everything: '“全部分割”提示',
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
  /** The region of the prompt, with a space before it; empty where there is one region. */
  readonly where: string;
}

/** Failures of models, and prompts that a model does not accept. */
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
      `The model ${id} does not accept ${segmentPromptWords[prompt]}; it accepts ${prompts.map((known) => segmentPromptWords[known]).join(' and ')}. ` +
      'Load another model for that.',
    modelClosed: ({ id }: { id: string }) => `The model ${id} was closed; load it again.`,
    serverNotAllowed: ({ id, origin }: { id: string; origin: string }) =>
      `The model ${id} sends photos to ${origin}, which you have not allowed. Add it again as a chat server and ` +
      'confirm that photos leave this computer, or load another model.',
    serverAddressUnusable: ({ found }: { found: string }) =>
      `"${found}" is not the address of a chat server. Expected http://HOST:PORT/v1 or https://HOST/v1 without user, ` +
      'password and query.',
    graphWeightsElsewhere: ({ path, file }: { path: string; file: string }) =>
      `${path} reads weights from ${JSON.stringify(file)}; they must be in the same folder, and their file name may have only ` +
      'letters, digits, dots, hyphens and underscores. Export the model again.',
    graphsUnknown: ({ graphs, kinds }: { graphs: readonly string[]; kinds: readonly string[] }) =>
      `The inputs and outputs of these files are not those of a supported model. Found ${graphs.join('; ')}. ` +
      `Expected the ONNX files of ${kinds.join(', ')}. Give all exported files of one model.`,
    graphsUnusable: ({ graphs, reason }: { graphs: readonly string[]; reason: string }) =>
      `No package can be made of ${graphs.join(', ')}: ${reason}. Export the model again, with inputs and outputs of ` +
      'usual types and sizes.',
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
      `The ${kind} prompt${where} covers no pixel of the image. The image has ${width} x ${height} pixels, ` +
      'with (0, 0) at the top left. Place the prompt inside the image.',
    promptMaskSize: ({ width, height, found }: { width: number; height: number; found: string }) =>
      `A mask prompt must have the image's size, ${width} x ${height} pixels, but it has ${found}.`,
    promptOnlyNegative: () =>
      'A region needs a positive mark, but all of its marks are negative. Add a point, box or stroke on the object.',
  },
  {
    modelCannot: ({ id, task, tasks }) =>
      `模型 ${id} 不能${chineseModelTasks[task]}；它能${tasks.map((known) => chineseModelTasks[known]).join('、')}。请为此加载其他模型。`,
    modelTakesNo: ({ id, prompt, prompts }) =>
      `模型 ${id} 不接受${chineseSegmentPrompts[prompt]}；它接受${prompts.map((known) => chineseSegmentPrompts[known]).join('、')}。请为此加载其他模型。`,
    modelClosed: ({ id }) => `模型 ${id} 已关闭；请重新加载。`,
    serverNotAllowed: ({ id, origin }) =>
      `模型 ${id} 会将照片发送到 ${origin}，而您尚未允许。请将它重新添加为聊天服务器并确认照片会离开本机，或加载其他模型。`,
    serverAddressUnusable: ({ found }) =>
      `“${found}”不是聊天服务器的地址。应为 http://主机:端口/v1 或 https://主机/v1，不含用户名、密码和查询。`,
    graphWeightsElsewhere: ({ path, file }) =>
      `${path} 从 ${JSON.stringify(file)} 读取权重；权重文件必须与它放在一起，名称只能含字母、数字、点、连字符和下划线。请重新导出模型。`,
    graphsUnknown: ({ graphs, kinds }) =>
      `这些文件的输入和输出不属于任何受支持的模型。找到：${graphs.join('；')}。` +
      `应为以下模型的 ONNX 文件：${kinds.join('、')}。请给出同一模型导出的全部文件。`,
    graphsUnusable: ({ graphs, reason }) =>
      `无法用 ${graphs.join('、')} 制作模型包：${reason}。请重新导出模型，使用常见的输入输出类型和尺寸。`,
    packageFamilyUnknown: ({ path, family, known }) =>
      `${path} 是“${family}”系列的模型，此版本无法运行；可运行的系列：${known.join('、')}。请安装新版本，或换用其他模型包。`,
    promptOutsideImage: ({ kind, where, width, height }) =>
      `${chineseMarks[kind] ?? kind}提示${where}没有覆盖图像的任何像素；图像为 ${width} x ${height} 像素，左上角为 (0, 0)。请把它放在图像之内。`,
    promptMaskSize: ({ width, height, found }) =>
      `掩码提示的大小必须与图像相同，即 ${width} x ${height} 像素，而它是 ${found}。`,
    promptOnlyNegative: () =>
      '一个区域至少需要一个正标记，但现有标记都是负标记。请在对象上添加点、框或涂线。',
  },
);

export const modelFailure = failuresOf(modelSentences);
