import { stepText } from '../../core/project/step-labels.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { ModelTask, SegmentPrompt } from '../../core/prompt.ts';
import type {
  DatabaseAdvice,
  FileAction,
  FileKind,
  FileReason,
  PackageFileKind,
  ProtectedKind,
  Sentences,
} from '../../core/sentences.ts';
import { chineseSteps } from './steps-zh-CN.ts';

/** What is said about failures, in Simplified Chinese. */

const fileActions: Readonly<Record<FileAction, string>> = {
  read: '读取',
  use: '使用',
  write: '写入',
  list: '列出',
  'read the image': '读取图像',
  'read the settings': '读取设置',
  'write the settings': '写入设置',
  'put aside the settings': '移开设置文件',
  'restore the backup': '恢复备份',
  'copy the sample photos': '复制示例照片',
  'import the folder': '导入文件夹',
  'import the model package': '导入模型包',
  'delete the model': '删除模型',
  'make the folder': '创建文件夹',
};

const fileReasons: Readonly<Record<FileReason, string>> = {
  missing: '它不存在。请检查路径',
  'name-too-long': '名称太长。请换一个更短的名称',
  'impossible-name': '文件不能用这个名称。请换一个名称',
  'circle-of-links': '链接形成了循环。请修正链接',
  'too-large': '文件太大，无法一次读取。请选择更小的文件',
  'disk-error': '磁盘报告错误。请检查磁盘',
  'not-a-folder': '它不是文件夹。请选择文件夹本身',
  'is-a-folder': '它是文件夹。请选择文件',
  exists: '它已存在。请换一个名称',
  'no-permission': '没有权限。请更改其权限',
  'read-only': '磁盘是只读的。请换一个位置',
  'disk-full': '磁盘已满。请腾出一些空间',
};

const fileKinds: Readonly<Record<FileKind, string>> = {
  file: '文件',
  folder: '文件夹',
  pipe: '命名管道',
  socket: '套接字',
  device: '设备',
  'broken-link': '失效的链接',
};

const protectedKinds: Readonly<Record<ProtectedKind, string>> = {
  project: '项目文件专用的名称',
  database: '项目或其他数据库',
  image: '图像',
  model: '模型文件',
  package: '模型包中的位置',
  'own-data': '本程序自己保存数据的位置',
  input: '此处正在读取的文件',
};

const modelTaskWords: Readonly<Record<ModelTask, string>> = {
  segment: '标记区域',
  describe: '描述区域',
  ask: '回答问题',
};

const segmentPromptWords: Readonly<Record<SegmentPrompt, string>> = {
  text: '文字',
  region: '图像上的标记',
  everything: '“全部分割”的请求',
};

const packageFileKinds: Readonly<Record<PackageFileKind, string>> = {
  link: '链接',
  folder: '文件夹',
  file: '文件，而不是文件夹',
  pipe: '管道',
  socket: '套接字',
  device: '设备',
};

const databaseAdvice: Readonly<Record<DatabaseAdvice, string>> = {
  'not-a-project': '它不是项目文件，或其开头已被覆盖。',
  'open-backup': '请保留该文件的副本，并打开备份。',
  'unreadable-part': '文件的一部分无法从磁盘读取。',
  'ends-early': '文件过早结束。',
  'damaged-disk': '磁盘的文件系统已损坏。',
  'allow-locking': '无法锁定该文件。请允许写入，或把项目复制到本机磁盘。',
  'free-space': '未作任何更改。请腾出一些空间后重试。',
  'write-refused': '磁盘拒绝写入。未作任何更改。请腾出一些空间后重试。',
  'allow-writing': '请允许写入该文件及其文件夹，或把项目复制到别处。',
  'allow-access': '请允许读写该文件及其文件夹。',
  'close-elsewhere': '另一个程序打开了该文件。请先在那里关闭。',
  'allow-folder': '请允许写入该文件夹，或另选一个。',
  'check-path': '请检查路径。',
  'nothing-changed': '未作任何更改。',
};

function rescueAdvice(file: string): string {
  return `要把可读的内容抢救到新项目：pixelsail rescue "${file}" NEW.pixelsail`;
}

const marks: Readonly<Record<string, string>> = {
  point: '点',
  box: '框',
  scribble: '涂线',
  polygon: '多边形',
  mask: '掩码',
};

const recordKinds = {
  image: '图像',
  annotation: '标注',
  category: '类别',
  item: '条目',
  review: '审核',
} as const;

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

const dateTimes = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'short' });

export const chineseSentences: Sentences = {
  fileFailed: ({ action, path, reason }) =>
    `无法${fileActions[action]} ${path}：${fileReasons[reason]}，然后重试。`,
  notPlainFile: ({ path, kind }) =>
    `${path} 是${fileKinds[kind]}，而这里需要普通文件。请选择一个文件。`,
  outputProtected: ({ path, kind }) =>
    `${path} 是${protectedKinds[kind]}，因此没有写入任何内容。请换一个名称。`,
  outputExists: ({ path }) =>
    `${path} 已存在，且不是先前为同一内容生成的文件。请换一个名称，或允许覆盖（--overwrite）。`,
  placeTaken: ({ path }) => `${path} 已存在，未作任何更改。请换一个名称。`,
  folderImpossible: ({ path, parent }) =>
    `无法创建文件夹 ${path}：${parent} 中不能创建文件夹。请换一个位置。`,
  fileNameImpossible: ({ name }) => `“${name}”不能用作文件名。请选择含有文字的名称。`,
  settingsUnusable: ({ aside, reason }) =>
    `设置无法使用，已恢复默认；原文件保留为 ${aside}。\n英文详情：${reason}`,

  projectExists: ({ file }) => `已有项目 ${file}。请打开它，或换一个名称。`,
  projectNotOpen: () => '没有打开的项目。请先打开或新建项目。',
  projectFileMissing: ({ file }) => `没有文件 ${file}。请检查路径。`,
  projectLocked: ({ file, pid, host, sinceMs }) => {
    const who = pid
      ? `${host} 上的进程 ${pid}（自 ${dateTimes.format(sinceMs)} 起）`
      : '另一个程序';
    return `${file} 已被${who}打开。请在那里关闭，或在那个窗口中继续工作。`;
  },
  projectFileInUse: ({ path, file }) =>
    `${path} 属于在此打开的项目 ${file}。请先关闭该项目，或使用它的备份。`,
  projectGone: ({ file }) =>
    `${file} 已不在原处：在此打开期间它被移动、改名或删除。更改没有保存。请把文件放回原处，或将项目另存到别处。`,
  projectReplaced: ({ file }) =>
    `${file} 在此打开期间被其他程序替换或更改。更改没有保存。请将项目另存到别处，或重新打开它。`,
  projectLogForeign: ({ file, log }) =>
    `${file} 与旁边的 ${log} 不是一对：后者保存的是另一个同名文件的最后编辑。两者都保持原样。请放回与日志对应的文件；或移走日志，再单独打开该文件。`,
  projectNeighbourOdd: ({ file, path }) =>
    `打开 ${file} 时需要写入 ${path}，但它不是普通文件。未写入任何内容。请将其删除，然后重新打开项目。`,
  projectLogLeft: ({ file, log }) =>
    `没有项目 ${file}，但 ${log} 保存着原来那个项目的最后编辑。要保留它们，请放回该项目；否则请移走日志，或换一个名称。`,
  projectVersionForeign: ({ file, found }) =>
    `${file} 标明的格式是 ${found}，本程序的任何版本都不会写出这种格式。文件保持原样。${rescueAdvice(file)}`,
  projectSchemaForeign: ({ file, name }) =>
    `${file} 被其他程序改动过：其中的 ${name} 不是本程序的。文件保持原样，其中的内容没有被运行。${rescueAdvice(file)}`,
  projectDamaged: ({ file, reason, backup }) =>
    `${file} 已损坏，保持原样。${backup ? `旁边最近的备份是 ${backup}。` : ''}${rescueAdvice(file)}\n英文详情：${reason}`,
  recordUnreadable: ({ kind, id, column }) =>
    `无法读取 ${kind} ${id} 的 ${column}：项目文件在那里损坏。请打开备份，或把其余内容抢救到新项目：pixelsail rescue OLD NEW`,
  searchTooLong: ({ found, maximum }) =>
    `搜索有 ${found} 个词；一次最多可查找 ${maximum} 个。请缩短。`,
  projectForeign: ({ file }) => `${file} 不是本程序的项目，未作改动。请选择项目文件。`,
  projectFromFuture: ({ file, found, newest }) =>
    `${file} 由本程序的更新版本写成（格式 ${found}；本程序只认识到格式 ${newest}）。文件未作改动。请更新程序后再打开。`,
  projectFileFailed: ({ file, reason, advice }) =>
    `${file}：${databaseAdvice[advice]}\n英文详情：${reason}`,
  projectFileCorrupt: ({ file, reason, advice, backup }) =>
    `${file}：${databaseAdvice[advice]}${backup ? `旁边最近的备份是 ${backup}。` : '旁边没有备份。'}\n英文详情：${reason}`,
  backupExists: ({ file }) => `${file} 已存在，未作更改。请为备份另选一个名称。`,
  backupFolderMissing: ({ folder }) => `没有文件夹 ${folder}。请先创建它。`,
  backupIsOpen: ({ file }) => `${file} 就是打开的项目，无需恢复。`,

  imageGone: ({ id }) => `项目中没有图像 ${id}；它可能已被移除。`,
  imageFileMissing: ({ path }) => `${path} 处没有图像文件。请检查它是否被移动或改名。`,
  imageFileRefused: ({ path }) => `不允许读取图像文件 ${path}。请给自己读取权限后重试。`,
  imageUnreadable: ({ path, reason }) =>
    `${path} 无法作为图像读取。需要完整的 JPEG、PNG、WebP、TIFF、GIF、AVIF 或简单的 SVG 文件；请在看图程序中打开并重新保存。\n英文详情：${reason}`,
  imageTooLarge: ({ path, width, height, maximumSide }) =>
    `${path} 有 ${width} x ${height} 像素；最多能打开边长 ${maximumSide} 像素的图像。请先把它切成小块。`,
  imageTooManyPixels: ({ path, width, height, maximumPixels }) =>
    `${path} 有 ${width} × ${height} 像素；最多能打开 ${Math.round(maximumPixels / 1e6)} 百万像素。请先把它切成小块。`,
  imageHeldWhole: ({ path, width, height, neededBytes, maximumBytes }) =>
    `${path} 有 ${width} × ${height} 像素，且其形式要求整幅保存在内存中（隔行、渐进、带旋转或整体压缩），约需 ${megabytes(neededBytes)} MB；最多使用 ${megabytes(maximumBytes)} MB。请摆正后另存为不隔行的 JPEG 或 PNG，或切成小块。`,
  imageNeedsMemory: ({ path, width, height, neededBytes, availableBytes }) =>
    `${path} 有 ${width} x ${height} 像素，打开约需 ${megabytes(neededBytes)} MB，但只有 ${megabytes(availableBytes)} MB 内存可用。请关闭其他程序，或把图像切成小块。`,
  imageEndingUnread: ({ extension }) =>
    `不读取扩展名为 ${extension} 的图片。请另存为 PNG 或 JPEG。`,
  imageSizeChanged: ({ path, width, height, imported }) =>
    `${path} 已不是导入时的照片：现为 ${width} x ${height} 像素，而不是 ${imported.width} x ${imported.height}。请放回原照片，或以别的名称导入新照片。`,
  imageChanged: ({ path }) =>
    `${path} 已不是导入时的照片：内容已改变。请放回原照片，或查看其标注是否仍然相符。`,
  imagePages: ({ pages }) =>
    `它含有 ${pages} 页或帧，只有第一页作为图像。请把其余各页另存为单独的文件。`,
  imageMoved: ({ from }) => `它就是 ${from} 的照片，原文件已不在；图像及其标注随之改到新位置。`,
  folderLinked: () => '它是指向文件夹的链接，不会跟随。请直接导入该文件夹。',
  imageOutsideFolder: ({ path, root }) =>
    `${path} 指向图像文件夹 ${root} 之外。请把文件复制到该文件夹中。`,

  categoryGone: ({ id }) => `项目中没有类别 ${id}；它可能已被移除。`,
  categoryIntoItself: ({ name }) => `“${name}”不能并入自身。`,
  emptyShape: () => '这个形状没有覆盖图像的任何像素。请画大一些。',
  nothingLeft: () => '该区域将一无所剩，因此未作修改。',

  modelNotInstalled: ({ id, installed }) =>
    `没有安装模型“${id}”。已安装：${installed.join('、') || '无'}。`,
  modelNotLoaded: () => '没有加载模型。请选择一个模型，然后再次提问。',
  modelExists: ({ id }) => `您已有模型“${id}”。请先删除它，或给新模型另取 ID。`,
  jobKindUnknown: ({ kind, known }) =>
    `没有“${kind}”这种任务。请启动以下任务之一：${known.join('、')}。`,
  jobInputInvalid: ({ kind, problem }) =>
    `任务“${kind}”的输入不符合要求：${problem}。请改正输入后重新启动任务。`,
  jobNotInterrupted: ({ id }) => `没有等待恢复的任务 ${id}；它已被恢复或忽略。`,
  jobOfOtherProject: ({ project }) => `该任务属于项目 ${project}。请先打开该项目，再恢复任务。`,
  trainingMissing: ({ folder }) =>
    `训练需要 Pixel-SAIL Studio 的 Python 源代码，但 ${folder} 中没有。请从源代码目录运行本程序。`,
  modelShipped: ({ id }) => `“${id}”是应用自带模型的 ID，其他模型不能取代它。请给模型包另取 ID。`,
  modelStays: ({ id }) => `“${id}”随应用提供，只能随应用一起移除。`,
  modelInUse: ({ id }) => `“${id}”已加载。请先加载其他模型。`,
  packageNotFound: ({ directory, path }) => `${directory} 不是模型包：无法读取 ${path}。`,
  packageFileNotPlain: ({ path, kind }) =>
    `${path} 是${packageFileKinds[kind]}；模型包只能由位于其文件夹内的普通文件组成。请换成文件的副本，或另寻来源获取该模型。`,
  packageFileTooLarge: ({ path, bytes, maximumBytes }) =>
    `${path} 有 ${bytes} 字节；这类文件最多读取 ${maximumBytes} 字节。请另寻来源获取该模型。`,
  modelCannot: ({ id, task, tasks }) =>
    `模型 ${id} 不能${modelTaskWords[task]}；它能${tasks.map((known) => modelTaskWords[known]).join('、')}。请为此加载其他模型。`,
  modelTakesNo: ({ id, prompt, prompts }) =>
    `模型 ${id} 不接受${segmentPromptWords[prompt]}；它接受${prompts.map((known) => segmentPromptWords[known]).join('、')}。请为此加载其他模型。`,
  modelPointsTooMany: ({ id, found, most }) =>
    `模型 ${id} 一次最多接受 ${most} 个点（一个框算两个点），而这里有 ${found} 个。请去掉一些。`,
  graphWeightsElsewhere: ({ path, file }) =>
    `${path} 从 ${JSON.stringify(file)} 读取权重；权重文件必须与它放在一起，名称只能含字母、数字、点、连字符和下划线。请重新导出模型。`,
  graphsUnknown: ({ graphs, kinds }) =>
    `从输入和输出来看，这些文件不是此版本认识的模型。找到：${graphs.join('；')}。` +
    `应为以下模型的 ONNX 文件：${kinds.join('、')}。请给出同一模型导出的全部文件。`,
  packageFamilyUnknown: ({ path, family, known }) =>
    `${path} 是“${family}”系列的模型，此版本无法运行；可运行的系列：${known.join('、')}。请安装新版本，或换用其他模型包。`,
  packageFileUnlisted: ({ path, file }) =>
    `${path} 从“${file}”读取权重，而清单没有列出该文件及其哈希。请另寻来源获取该模型。`,
  packageGraphUnreadable: ({ path, reason }) =>
    `${path} 不是可以检查的计算图：${reason}。请另寻来源获取该模型。`,
  packageFileMissing: ({ id, path }) => `模型包 ${id} 缺少文件 ${path}。请重新安装。`,
  packageFileSize: ({ path, expected, found }) =>
    `${path} 大小不对：应为 ${expected} 字节，实为 ${found} 字节。请重新安装模型包。`,
  packageFileContent: ({ path, expected, found }) =>
    `${path} 内容不对：应有 sha256 ${expected}，实为 ${found}。请重新安装模型包。`,
  checkpointFileOutside: ({ path }) => `${path} 指向检查点文件夹之外。请把文件本身放入该文件夹。`,
  checkpointFileNotPlain: ({ path }) => `${path} 不是普通文件。请把文件本身放入检查点文件夹。`,
  checkpointFileMissing: ({ path }) => `无法读取 ${path}：检查点需要这个文件。`,

  checkpointWithout: ({ directory, file }) => `${directory} 中没有检查点所需的 ${file}。`,
  checkpointTruncated: ({ path, expected, found, tensor }) =>
    `${path} 被截断：${tensor === null ? '' : `张量 ${tensor} `}至少需要 ${expected} 字节，实为 ${found} 字节。请重新复制或下载。`,
  tensorMissing: ({ tensor, shape, layers, hiddenSize, mayBeTied }) =>
    `检查点缺少形状为 [${shape.join(', ')}] 的张量 ${tensor}；${layers} 层、隐藏维度 ${hiddenSize} 的网络需要它。${mayBeTied ? '如果它与嵌入表共用，请在 config.json 中设置 tie_word_embeddings。' : ''}`,
  tensorShape: ({ tensor, expected, found, vocabulary }) =>
    `张量 ${tensor} 的形状不对：按 config.json 应为 [${expected.join(', ')}]，实为 [${found.join(', ')}]。${vocabulary === null ? '' : `config.json 中的 vocab_size 为 ${vocabulary}。`}`,
  tensorsUnplaced: ({ count, first }) =>
    `检查点含有 ${count} 个 config.json 中没有位置的张量：${first.join('、')}。请更正 config.json 中的大小，或从检查点中移除它们。`,
  tensorType: ({ tensor, type }) =>
    `张量 ${tensor} 以 ${type} 存储；应为 F32、F16 或 BF16。请以其中一种格式保存检查点。`,
  tensorNotFinite: ({ tensor, value, element }) =>
    `张量 ${tensor} 的第 ${element} 个元素为 ${value}；应为有限数。检查点已损坏，或训练已发散。`,
  tensorTooLarge: ({ tensor, value }) =>
    `张量 ${tensor} 含有 ${value}，float16 无法存储。请用 fp32 精度转换。`,

  engineRestarting: ({ how }) =>
    `推理进程已停止（${how}），正在重新启动。您的工作是安全的；请再问一次，下一个提示即可使用。`,
  engineLostBy: ({ what, how }) =>
    `推理进程在同一个提示上停止了两次（${how}）：${what}。您的工作是安全的，推理进程正在重新启动；请换一个问题，或加载另一个模型。`,
  engineDied: ({ times, how }) =>
    `推理进程连续 ${times} 次退出（${how}）。请重新加载模型，也可换一个设备。`,
  engineStopped: () => '推理进程已停止。',
  backendLost: () => '应用在回答之前停止了。已保存的工作都在；恢复后请重复上一步操作。',
  backendDied: ({ times, how }) =>
    `应用的后台进程连续 ${times} 次退出（${how}）。已保存的工作都在。请退出并重新启动。`,

  requestCancelled: () => '请求已取消。',
  imagesKept: ({ imported, total }) => `取消之前已导入 ${total} 张图像中的 ${imported} 张。`,
  annotationsKept: ({ imported }) => `取消之前已导入 ${imported} 个标注。撤销即可移除它们。`,
  nothingChanged: () => '没有更改任何内容。',
  nothingWritten: () => '没有写入任何内容。',
  modelNotKept: () => '没有保留模型的任何内容。',

  polygonTooFar: ({ furthest, found }) =>
    `多边形坐标应为与图像相距 ${furthest} 以内的像素数，实为 ${found}。`,
  maskRunsSum: ({ width, height, expected, sum }) =>
    `${width} x ${height} 掩码的游程之和应为 ${expected} 像素，实为 ${sum}；掩码被截断，或大小与制作时不同。`,
  maskStringWrong: ({ width, height, isCutOff, character, length }) =>
    `${width} x ${height} 像素掩码的 RLE 字符串${isCutOff ? '在一个数的中间结束' : '无效'}（第 ${character} 个字符，共 ${length} 个）；应为 COCO 压缩 RLE。请用原工具重新导出该掩码。`,
  maskRunWrong: ({ index, found }) =>
    `未压缩 RLE 的第 ${index} 个游程应为整数个像素，实为 ${found}。`,

  checkDamage: ({ reason }) => `项目文件有损坏。\n英文详情：${reason}`,
  checkReference: ({ table, row, parent }) => `${table} 表第 ${row} 行引用了不存在的 ${parent}。`,
  checkAnnotationCount: ({ id }) => `图像 ${id} 的标注数不对。`,
  checkImageCounts: ({ id }) => `图像 ${id} 的条目数或带轮廓标注数不对。`,
  checkCategoryCount: ({ id }) =>
    id === '' ? '保存的无类别标注数不对。' : `保存的类别 ${id} 的标注数不对。`,
  checkAreaCount: ({ id }) => `保存的面积为 2 的 ${id} 次方的标注数不对。`,
  checkStateChanges: ({ id }) => `历史中的第 ${id} 步所记的图像状态变化不对。`,
  checkBox: ({ id }) => `空间索引中标注 ${id} 的框不对。`,
  checkBoxAlone: ({ id }) => `空间索引中的框 ${id} 没有对应的标注。`,
  checkImageWords: ({ id }) => `文本索引中图像 ${id} 的文字不对。`,
  checkItemWords: ({ id }) => `文本索引中条目 ${id} 的文字不对。`,
  checkItemSegments: ({ id }) => `按区域排列的条目索引与条目 ${id} 的区域不符。`,
  checkStepOrder: ({ id }) => `历史中的第 ${id} 步已执行，但之前有一步已被撤销。`,
  checkJournal: ({ kind, id }) => `按历史重做得不到当前的${recordKinds[kind]} ${id}。`,
  checkRecordMissing: ({ id }) => `历史中的记录 ${id} 不在数据表中。`,

  promptOutsideImage: ({ kind, where, width, height }) =>
    `${marks[kind] ?? kind}提示${where}没有覆盖图像的任何像素；图像为 ${width} x ${height} 像素，左上角为 (0, 0)。请把它放在图像之内。`,
  promptNothing: () => '请求分割时需要点、框或其他标记来说明对象，而这里没有。',
  promptMaskSize: ({ width, height, found }) =>
    `掩码提示的大小必须与图像相同，即 ${width} x ${height} 像素，而它是 ${found}。`,
  promptOnlyNegative: () =>
    '一个区域至少需要一个表示“属于它”的标记，但现有标记都表示“不属于它”。请在对象上添加点、框或涂线。',
  changesRefused: ({ count }) =>
    `您有 ${count} 处更改被拒绝，因为记录已在别处改动。请先在窗口顶部决定如何处理。`,
  undoAcrossOthers: ({ label }) =>
    `“${stepText(chineseSteps, label)}”无法撤销或重做：另一个窗口之后改动了相同的记录。没有任何更改。请先在那个窗口撤销，或手动修改。`,
  travelAcrossOthers: () =>
    '到那一步的途中有另一个打开的窗口的步骤。没有任何更改。请先关闭那个窗口，或逐步撤销自己的步骤。',
  promptTextBlank: () => '没有写出要分割什么。请写出名称。',
  promptTextTooLong: ({ unit, found, most }) =>
    unit === 'tokens'
      ? `文字连同选项共 ${found} 个词元（词的片段），模型最多读 ${most} 个。请缩短。`
      : `文字连同选项共 ${found} 个字符，模型最多读 ${most} 个。请缩短。`,
};

/** What kind of failure it is and what may help, for those without a sentence of their own. */
export const chineseHeadlines: Readonly<Record<ErrorCode, string>> = {
  'invalid-input': '输入无效，因此没有执行。请改正后重试。',
  'not-found': '找不到所需的内容。它可能已被移动或删除。',
  'already-exists': '同名内容已存在，没有被覆盖。请换一个名称。',
  conflict: '内容在此期间被更改，因此没有执行。请查看当前内容后重试。',
  cancelled: '已取消。',
  unsupported: '这里无法完成此操作。',
  'image-unreadable': '图像无法读取。请在看图程序中打开并重新保存。',
  'image-too-large': '图像过大，无法打开。请把它切成小块。',
  'prompt-outside-image': '提示位于图像之外。请把它放在图像之内。',
  'checkpoint-invalid': '检查点无法使用。请检查它的文件，或重新获取。',
  'package-invalid': '模型包无法使用。请重新安装。',
  'model-not-loaded': '没有加载模型。请选择一个模型后重试。',
  'engine-lost': '推理进程已停止。请再试一次。',
  'backend-lost': '应用的后台进程已停止。已保存的工作都在。',
  'project-not-open': '没有打开的项目。请先打开或新建项目。',
  'project-displaced': '项目文件已不在原处。',
  'project-locked': '项目已在别处打开。请先在那里关闭。',
  'database-from-future': '项目由更新版本的程序写成。请更新程序。',
  'database-corrupt': '项目文件已损坏，未作改动。请打开备份。',
  'disk-full': '磁盘已满。请腾出一些空间后重试。',
  'permission-denied': '没有所需的权限。请更改权限，或换一个位置。',
  'dataset-invalid': '数据集文件无法读取。请重新复制或导出。',
  'export-proof-failed': '导出的文件未通过核对，已移除。请再次导出；如再次出现请报告。',
  internal: '发生了意外的错误。请重试；如再次出现请报告以下内容。',
};
