import type { Texts } from './en.ts';
import { chineseHeadlines } from './error-headlines-zh-CN.ts';
import { formatsOf } from './formats.ts';
import { chineseStates } from '../../core/image-states-zh-CN.ts';
import { scoreTexts } from './zh-CN/scores.ts';
import { authorTexts } from './zh-CN/author.ts';
import { reviewingTexts } from './zh-CN/reviewing.ts';
import { imageListTexts } from './zh-CN/image-list.ts';
import { changedPhotosTexts } from './zh-CN/changed-photos.ts';
import { compareDatasetsTexts } from './zh-CN/compare-datasets.ts';
import { checkRegionsTexts } from './zh-CN/check-regions.ts';
import { compareModelsTexts } from './zh-CN/compare-models.ts';
import { labelImagesTexts } from './zh-CN/label-images.ts';
import { keypointTexts } from './zh-CN/keypoints.ts';
import { categoryDialogTexts } from './zh-CN/category-dialog.ts';
import { placeTexts } from './zh-CN/places.ts';
import { regionStatisticTexts } from './zh-CN/region-statistics.ts';
import { releaseNoteTexts } from './zh-CN/release-notes.ts';
import { tourTexts } from './zh-CN/tour.ts';
import { chineseSteps } from '../../core/project/step-labels-zh-CN.ts';

/** Every text of the interface, in Simplified Chinese. */

const { number, shortNumber, list, dateTime, timeTick } = formatsOf('zh-CN');

const bytes = (value: number): string => {
  if (value < 1e6) return `${number(Math.max(1, Math.round(value / 1e3)))} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
};

const images = (value: number) => `${number(value)} 张图像`;
const annotations = (value: number) => `${number(value)} 个标注`;

const deviceNames: Texts['devices'] = {
  cpu: 'CPU',
  webgpu: 'GPU（WebGPU）',
  cuda: 'GPU（CUDA）',
  dml: 'GPU（DirectML）',
  coreml: 'Core ML',
};

const placeNames = { ...deviceNames, server: '服务器' };

const added: Texts['jobs']['added'] = (report) => {
  const parts = [
    report.images > 0 ? images(report.images) : '',
    report.annotations > 0 ? annotations(report.annotations) : '',
  ].filter((part) => part !== '');
  const { alreadyThere = 0, replaced = 0, skipped = 0 } = report.existing ?? {};
  return [
    parts.length > 0 ? `已添加 ${list(parts)}。` : '没有新增内容。',
    ...(alreadyThere > 0 ? [`已存在：${annotations(alreadyThere)}。`] : []),
    ...(replaced > 0 ? [`已替换：${annotations(replaced)}。`] : []),
    ...(skipped > 0 ? [`随图像跳过：${annotations(skipped)}。`] : []),
  ].join('');
};

/** Kinds of records as reports name them. */
const subjects: Readonly<Record<string, string>> = {
  annotation: '标注',
  image: '图像',
  category: '类别',
  item: '文字',
  review: '审核',
  table: '表',
};

function subjectOf(what: string): string {
  const kinds = Object.keys(subjects).join('|');
  return what.replace(
    new RegExp(`(^|, )(${kinds}) (\\S+)$`),
    (_, start: string, kind: string, id: string) => `${start}${subjects[kind]} ${id}`,
  );
}

export const chinese: Texts = {
  app: { name: 'Pixel-SAIL Studio', starting: '正在启动…' },

  number,
  shortNumber,
  bytes,
  iou: (value) => value.toFixed(4),
  pixels: (value) => `${number(value)} 像素`,
  dateTime,
  timeTick,
  percent: (value) => `${Math.round(value * 100)} %`,
  units: { images, annotations },
  devices: deviceNames,
  states: chineseStates,
  splits: { train: '训练集', validation: '验证集', test: '测试集', none: '未划分' },

  start: {
    tagline: '单击、拉框、涂画或输入文字。模型给出候选掩码和文字，由您接受或修改。',
    create: '新建项目',
    createHint: '整个项目存为一个文件。照片不会被复制。',
    askName: '您的姓名，用于历史与审核（可不填）',
    saveName: '保存',
    skipName: '跳过',
    open: '打开项目',
    openHint: '以 .pixelsail 结尾的文件。',
    sample: '试用示例项目',
    sampleHint: '几张照片，可以试遍所有工具。',
    benchmark: '打开示例基准',
    benchmarkHint: '带有描述、选择题和指代题的区域，可供审核和评分。',
    recent: '最近的项目',
    noRecent: '打开过的项目会列在这里。',
    missing: '找不到文件',
    forget: (name) => `从列表中移除 ${name}`,
    backups: (name) => `${name} 的备份`,
    models: '模型与设备',
    openedAt: dateTime,
  },

  commands: {
    brushSmaller: '缩小画笔',
    brushLarger: '放大画笔',
    textPrompt: '文字提示',
    accept: '接受候选，或完成形状',
    escape: '放弃草稿、拒绝候选或取消选择',
    nextProposal: '下一个候选',
    previousProposal: '上一个候选',
    compareModels: '与另一个模型比较…',
    takeFirst: '采用模型 A 的答案',
    takeSecond: '采用模型 B 的答案',
    stopComparing: '停止比较模型',
    quickCategory: '选用该数字键上的类别',
    undo: '撤销',
    redo: '重做',
    delete: '删除区域，或最后一个顶点',
    copy: '复制',
    paste: '粘贴',
    duplicate: '原地复制',
    copyToNext: '复制到下一张图像',
    propagate: '将选中区域复制到后续图像',
    repeatLast: '重复上一个区域',
    union: '合并区域',
    subtract: '从第一个区域中减去',
    intersect: '区域相交',
    exclude: '排除重叠部分',
    split: '拆分为独立区域',
    fillHoles: '填充孔洞',
    toPolygon: '转换为多边形',
    toMask: '转换为掩码',
    simplify: '简化轮廓…',
    refineEdge: '使边缘贴合图像',
    hide: '隐藏或显示区域',
    hideAll: '隐藏或显示所有区域',
    lock: '锁定或解锁区域',
    fillLess: '降低区域填充不透明度',
    fillMore: '提高区域填充不透明度',
    nameTags: '显示或隐藏区域名称',
    selectAll: '选中所有区域',
    bringToFront: '将区域移到最前',
    bringForward: '将区域前移一层',
    sendBackward: '将区域后移一层',
    sendToBack: '将区域移到最后',
    nextImage: '下一张图像',
    previousImage: '上一张图像',
    nextUntouched: '下一张未完成的图像',
    backToImage: '返回浏览历史中的上一张图像',
    forwardToImage: '前进到浏览历史中的下一张图像',
    markDone: '将图像标记为已完成',
    markEmpty: '标记此图无目标',
    searchImages: '搜索图像',
    filterImages: '筛选与排序图像',
    imageGrid: '以网格或列表显示图像',
    imageLook: '图像显示：亮度、对比度、伽马、通道',
    filterRegions: '筛选与排序区域',
    fit: '适合窗口',
    actualSize: '实际大小（100 %）',
    zoomIn: '放大',
    zoomOut: '缩小',
    importFolder: '添加图像文件夹…',
    importDataset: '导入数据集…',
    exportDataset: '导出数据集…',
    compareDatasets: '与数据集比较…',
    categories: '类别…',
    statistics: '统计…',
    labelImages: '标注所有图像…',
    draftItems: '由区域生成条目草稿',
    checkRegions: '检查模型的区域…',
    trainModel: '用本项目训练…',
    showRegions: '显示区域',
    viewAnnotate: '标注：绘制区域',
    viewAuthor: '编写：为区域写条目',
    viewReview: '审核：判定条目与掩码',
    viewResults: '结果：给模型评分，逐条查看',
    showTexts: '此图像的文字',
    showHistory: '显示历史',
    saveAs: '将项目另存到别处…',
    backup: '备份项目',
    handOut: '分发项目的一部分…',
    mergeHandout: '合并分发文件…',
    backups: '备份…',
    models: '模型与设备…',
    check: '检查项目文件',
    closeProject: '关闭项目',
    createProject: '新建项目…',
    openProject: '打开项目…',
    openSample: '打开示例项目',
    openBenchmark: '打开示例基准',
    toggleImagePanel: '显示或隐藏图像列表',
    toggleSidePanel: '显示或隐藏侧栏',
    nextPane: '转到窗口的下一部分',
    previousPane: '转到窗口的上一部分',
    palette: '所有命令…',
    settings: '设置…',
    shortcuts: '键盘快捷键',
    tour: '开始导览',
    releaseNotes: '查看新内容',
  },

  commandGroups: {
    tools: '工具',
    prompt: '提示与候选',
    edit: '编辑',
    images: '图像',
    view: '视图',
    project: '项目',
    help: '帮助',
  },

  gestures: {
    title: '鼠标',
    rows: [
      ['用点工具左键单击', '这里属于目标'],
      ['右键单击，或 Alt + 单击', '这里不属于目标'],
      ['Shift + 单击', '开始另一个目标'],
      ['用选择工具 Alt + 单击', '选中下面一层的区域'],
      ['用选择工具 Shift + 单击', '加选或取消选中'],
      ['Alt + 单击顶点', '移除该顶点'],
      ['拖动边的中点', '添加顶点'],
      ['拖动顶点时按住 Ctrl', '不吸附'],
      ['放置第一个顶点或角时按住 Alt', '从选中的区域中剪去该形状'],
      ['方向键，加 Shift 为 10 像素', '按像素移动选中的区域'],
      ['用画笔或橡皮擦 Alt + 滚轮', '画笔大小'],
      ['方向键，然后 Enter 或空格', '用键盘单击'],
      ['用选择工具 Alt + 方向键', '移动十字准星，而不是选中的区域'],
      ['滚轮', '以指针为中心缩放'],
      ['空格 + 拖动，或中键拖动', '移动图像'],
      ['拉框时按住 Shift', '保持正方形'],
    ],
  },

  topBar: {
    project: '项目',
    menu: '项目菜单',
    saved: '已保存',
    saving: (waiting) => (waiting > 1 ? `正在保存 ${number(waiting)} 处更改…` : '正在保存…'),
    failed: (waiting) => `未保存：${number(waiting)} 处更改`,
    failedTitle: '您的更改尚未保存',
    failedHelp: '未保存的更改按顺序保留。请排除原因后重试。放弃更改会恢复已存的记录。',
    retry: '重试',
    drop: '放弃未保存的更改',
    refused: (changes) => `被拒绝：${number(changes)} 处更改`,
    refusedTitle: '另一个窗口改动了相同的记录',
    refusedHelp: '窗口中是已存的记录。您的更改保留在这里。请在这些记录上重新应用，或放弃。',
    refusedNow: '现在',
    refusedOwn: '您的',
    applyRefused: '重新应用',
    discardRefused: '放弃',
  },

  device: {
    title: '当前模型与设备',
    noneHelp: '尚未安装模型。请导入模型包或转换检查点。',
    unused: '未通过自检',
    summary: ({ used, threads, kind }) =>
      used === 'cpu'
        ? `CPU${kind === 'integer' ? '（int8）' : ''} · ${number(threads)} 个线程`
        : placeNames[used],
    verified: (selfTestMs) =>
      `自检 ${number(Math.round(selfTestMs))} 毫秒，在实际运行模型的设备上测得，它可能与所选设备不同。`,
    model: '模型',
    runOn: '运行于',
    auto: '自动',
    load: '加载',
    reload: '重新加载',
    manage: '模型与设备…',
  },

  models: {
    title: '模型与设备',
    cannot: {
      segment: (model) => `${model} 不能标记区域。请为此加载其他模型。`,
      describe: (model) => `${model} 不能描述区域。请为此加载其他模型。`,
      ask: (model) => `${model} 不能回答问题。请为此加载其他模型。`,
      read: (model) => `${model} 不接受文字提示。请用点或框标出目标。`,
    },
    pages: {
      add: '添加 ONNX 文件',
      server: '添加聊天服务器',
      import: '导入模型包',
      convert: '转换检查点',
      devices: '设备与自检',
    },
    uses: { starting: '正在加载模型…', failed: '模型出错', ready: '使用中' },
    wordsUses: { starting: '正在连接（文字）…', failed: '文字模型出错', ready: '用于文字' },
    useForWords: '用于文字',
    noWordsModel: '不再用于文字',
    wordsOfProject: '在本项目中用于文字',
    wordsOfProjectHelp:
      '描述、问答和指代文字由该模型给出，掩码由另一个模型给出。每段文字和每个掩码都注明其模型。',
    server: {
      help: '聊天服务器负责写文字：描述、回答问题和指代文字。任何支持图像的 OpenAI 聊天接口服务器均可，例如 Ollama、vLLM 或 LM Studio。在您使用之前不会向它提问。',
      add: '连接并添加',
      address: '地址',
      model: '服务器上的模型名称',
      unusable: '应为 http://主机:端口/v1 或 https://主机/v1，不含用户名、密码和查询。',
      stays: (origin) => `${origin} 就是本机。照片会从本程序传给该服务器程序，但不会离开本机。`,
      leaves: (origin) =>
        `每次提问都会把照片及勾出的区域发送到 ${origin}。我可以将这些照片发送到那里。`,
      unencrypted: '该连接未加密。',
      key: '需要密钥的服务器从环境变量 PIXELSAIL_CHAT_KEY 取得密钥，或从 PIXELSAIL_CHAT_KEY_ 加大写 ID 的变量取得。本程序不保存密钥。',
      gets: (address) => `每次提问都会把照片发送到 ${address}`,
      allow: '允许本项目使用',
    },
    ofProject: '随本项目加载',
    ofProjectHelp: '每次打开本项目时都会加载该模型，在每台装有它的电脑上都是如此。',
    projectMissing: (id, instead) =>
      `本项目的模型“${id}”未安装。${instead && `现改用 ${instead}。`}请安装它，或为本项目另选模型。`,
    choose: '选择模型…',
    facts: {
      id: '标识与版本',
      license: '许可证',
      size: '大小',
      server: '服务器',
      memory: '回答时占用内存',
      source: '来源',
      folder: '文件夹',
    },
    size: (size, precision) => `${bytes(size)}，${precision}`,
    use: '使用此模型',
    check: '检查文件',
    checking: '正在检查…',
    whole: '所有文件齐全，哈希值与模型包一致。',
    delete: '删除…',
    deleteInUse: '请先使用另一个模型',
    deleteQuestion: (title) => `从这台电脑删除 ${title}？它生成的掩码仍保留在您的项目中。`,
    deleteYes: '删除',
    importHelp:
      '模型包是一个含有 manifest.json 的文件夹。它会被复制到您的模型中，每个文件都与其哈希值比对。',
    addHelp:
      '把一个模型的 ONNX 文件拖到这里：SAM 或同类模型的编码器和解码器，或一个 YOLO 检测器。程序按输入和输出识别它们，复制到您的模型中并测试。文件旁边的权重也会一同复制。',
    add: '添加',
    addedFiles: '模型文件',
    removeFile: '移除',
    graphFile: 'ONNX 文件',
    idOf: (id) => `ID：${id}`,
    idNeedsLetters: 'ID 由名称生成；名称中至少要有一个英文字母或数字。',
    licenseHelp: '权重的许可证，以其来源所述为准。',
    classNames: '检测器的类别名称，每行一个；仅在文件中没有时填写',
    packageFolder: '模型包文件夹',
    import: '导入',
    convertHelp:
      '检查点是一个含有 config.json、*.safetensors 和分词器的文件夹，布局与 Pixel-SAIL 作者的一致。其中的代码不会被执行。',
    checkpoint: '检查点文件夹',
    name: '名称',
    precision: '权重精度',
    precisions: {
      fp32: 'fp32：精确，最大',
      fp16: 'fp16：大小减半，除舍入外掩码相同',
      int8: 'int8：更小，略欠精确',
      int4: 'int4：最小（内置模型由 13 MB 减至 10 MB），分数几乎不变',
    },
    convert: '转换',
    progress: (done, total) => (total === null ? '' : `${bytes(done)} / ${bytes(total)}`),
    devices: {
      help: '在每种设备上运行已加载的模型，把结果与 CPU 的比对，并测量用时。只有真正运行了模型的设备才算通过。',
      device: '设备',
      result: '自检',
      choose: '选择',
      untested: '尚未测试',
      testing: '正在测试…',
      works: (name, selfTestMs) => `${name}，${selfTestMs.toFixed(1)} 毫秒`,
      use: '使用',
      testAll: '测试所有设备',
      automatic: '自动选择',
    },
  },

  backups: {
    title: '备份',
    help: '项目文件旁边的副本。恢复时会把备份的副本作为独立项目打开，不会覆盖任何内容。自动备份每天一次，并在大的步骤之前进行；保留最新的五个、两周内每天一个、八周内每周一个。',
    automatic: '自动',
    none: '这个项目还没有备份。',
    make: '立即备份',
    restore: '恢复为副本',
  },

  encode: {
    none: '没有模型',
    stopped: '模型未加载',
    starting: '正在加载模型…',
    measuring: '正在测量处理器（仅一次）…',
    failed: '模型出错',
    looking: '正在准备图像…',
    answering: '模型正在回答…',
    imageFailed: '模型无法准备这张图像',
    ready: '可以提示',
  },

  imageList: imageListTexts,
  changedPhotos: changedPhotosTexts,
  checkRegions: checkRegionsTexts,
  compareModels: compareModelsTexts,
  compareDatasets: compareDatasetsTexts,
  scores: scoreTexts,
  labelImages: labelImagesTexts,
  tour: tourTexts,
  categoryDialog: categoryDialogTexts,
  keypoints: keypointTexts,
  regionStatistics: regionStatisticTexts,
  releaseNotes: releaseNoteTexts,
  places: placeTexts,

  canvas: {
    label: '图像画布',
    skip: '转到图像',
    keys: '方向键移动十字准星，按住 Shift 大步移动。Enter 或空格放置点，或开始和结束框与笔画。不移动时按 Enter 完成或接受。Esc 取消。',
    emptyTitle: '先添加一个图像文件夹',
    emptySteps: [
      '添加照片文件夹。照片在原处读取，绝不改动。',
      '单击目标、拉框、涂画，或输入其名称。',
      '模型给出候选掩码。Enter 接受，Esc 拒绝，继续单击可以修正。',
    ],
    unreadable: '无法显示这张图像。文件可能已移动或损坏。',
    loading: '正在加载图像…',
    preparing: '首次打开大图像，正在准备…',
    importing: '第一张图像很快会出现在这里。',
  },

  announce: {
    image: (path, position) => `图像 ${position}：${path}`,
    proposal: (position, score, said) =>
      `候选 ${position}，分数 ${score}${said ? `：${said}` : ''}`,
    category: (name) => `类别：${name}`,
    selected: (name) => `已选中：${name}`,
    placed: (x, y) => `已放置于 ${number(x)}，${number(y)}`,
    pressed: (x, y) => `从 ${number(x)}，${number(y)} 开始。移动后按 Enter 结束`,
    selectedMany: (value) => `已选中 ${number(value)} 个区域`,
    step: {
      done: (label) => `已完成：${label}`,
      undo: (label) => `已撤销：${label}`,
      redo: (label) => `已重做：${label}`,
    },
  },

  tools: {
    label: '工具',
    options: '工具选项',
    brushSize: '大小',
    drawMode: '模式',
    drawModes: { new: '新建', add: '添加', subtract: '剪去' },
    drawModeHints: {
      new: '形状成为独立的区域',
      add: '形状成为选中区域的一部分',
      subtract: '从选中的区域中剪去该形状，例如作为孔洞',
    },
    snap: '吸附到其他区域（按住 Ctrl 停用）',
    tolerance: '容差',
    likeness: (iou, vertices, before) =>
      `IoU ${iou.toFixed(4)} · ${number(vertices)} / ${number(before)} 个顶点`,
    apply: '应用',
    crop: (width, height) => `模型可见 ${number(width)} × ${number(height)} 像素`,
    wholeImage: '整张图像',
    refining: '正在贴合边缘…',
  },

  prompt: {
    placeholder: '输入要找的东西，例如：左边的狗',
    label: '文字提示',
    ask: '查找',
    templates: (category) => [category, `所有的${category}`],
    history: '用过的提示',
    queued: '正在等待模型…',
    stages: {
      queued: '正在等待模型…',
      decode: '正在读取图像…',
      encode: '正在准备图像…',
      prefill: '正在阅读提示…',
      generate: '正在回答…',
      mask: '正在绘制掩码…',
    },
    nothingFound: '模型没有找到符合的目标。',
    said: (words) => `模型回答：${words}`,
    failed: '模型无法回答。',
    again: '再问一次',
    dismiss: '关闭',
    stop: '停止',
  },

  people: {
    title: '此项目中的其他人',
    unnamed: '某人',
    here: (name) => `${name}也在这张图像上`,
    goTo: (name) => `前往${name}所在的图像`,
    elsewhere: (name) => `${name}在线，未打开图像`,
    onImage: (names) => `${list(names)}在这张图像上`,
  },

  handout: {
    make: {
      title: '分发项目的一部分',
      help: '为同事写出一个文件：含图像及其全部内容，不含历史。不含照片时，照片按相对于该文件的位置查找。两种文件都可作为项目打开。',
      submit: '写出分发文件',
    },
    proposedName: (name) => `${name} 分发`,
    allImages: '所有图像',
    hasPhotos: '连同照片写成一个 zip 文件',
    made: ({ file, images, photos, leftOut }) =>
      `已写出 ${file}，含 ${number(images)} 张图像。` +
      (photos === null ? '' : `请连同文件夹 ${photos} 一起发送。`) +
      (leftOut.length === 0 ? '' : `${number(leftOut.length)} 张照片无法复制。`) +
      '同事交回后请合并。',
    merge: {
      title: '合并分发文件',
      help: '将同事在本项目的分发文件中的改动作为一个可撤销的步骤带入。只有一方改动的内容都会保留。',
      file: '分发文件',
      noFile: '尚未选择文件',
      noConflicts: '没有冲突：双方改动的记录不同。',
      nothing: '该分发文件没有本项目缺少的更改，没有要合并的内容。',
      conflicts: (count) => `双方都改动了 ${number(count)} 条相同的记录。`,
      allHere: '全部采用本项目',
      allThere: '全部采用分发文件',
      here: '本项目',
      there: '分发文件',
      compare: '比较',
      submit: '合并',
    },
    merged: ({ added, updated, removed, leftOut }) =>
      (added + updated + removed === 0
        ? '分发文件中没有本项目缺少的更改，未合并任何内容'
        : `已合并：新增 ${number(added)}，更改 ${number(updated)}，删除 ${number(removed)}`) +
      (leftOut > 0 ? `；${number(leftOut)} 条因其区域已不存在而未带入。` : '。'),
    removed: '已删除',
    kept: '保留，含改动',
    anotherShape: '另一个形状',
    kinds: {
      image: '图像',
      category: '类别',
      annotation: '区域',
      item: '文字',
      review: '审核',
    },
    fields: {
      categoryId: '类别',
      geometry: '形状',
      zOrder: '顺序',
      attributes: '属性',
      state: '状态',
      split: '划分',
      verdict: '判定',
      name: '名称',
      color: '颜色',
      segments: '区域',
    },
  },
  propagate: {
    title: '复制到后续图像',
    count: '列表中后续图像的数量',
    help: (regions) =>
      `将 ${number(regions)} 个选中的区域复制到每张图像的同一位置。可以作为一步撤销。`,
    submit: '复制',
  },
  imageLook: {
    title: '图像显示',
    brightness: '亮度',
    contrast: '对比度',
    gamma: '伽马',
    channel: '通道',
    channels: { all: '全部', red: '红', green: '绿', blue: '蓝', grey: '灰度' },
    reset: '重置',
    help: '仅影响显示。文件和模型的输入不变。',
    grid: '网格',
    noGrid: '无',
    pointerLines: '指针十字线',
    minimap: '小地图',
    showMinimap: '放大时显示小地图',
  },
  panels: {
    resizeImages: '图像列表宽度（双击隐藏）',
    resizeSide: '侧栏宽度（双击隐藏）',
  },
  proposal: {
    label: '候选',
    score: (score) => `${Math.round(score * 100)} %`,
    scoreHint: '模型对该掩码的自评',
    position: (index, total) => `${number(index + 1)} / ${number(total)}`,
    category: '类别',
    categoryPlaceholder: '类别',
    accept: '接受',
    acceptAll: (total) => `全部接受（${number(total)}）`,
    reject: '拒绝',
    use: '对选中的区域：',
    uses: { union: '添加', subtract: '减去', replace: '替换' },
    move: '移动此栏（拖动；Enter 上下切换）',
    candidate: (index, total) => `掩码 ${index + 1}/${total}`,
    candidateHint:
      '掩码 1 是模型的答案。其余掩码从大到小排列，是此提示的其他可能含义，例如整个目标或其中一部分。请目视比较：百分比更高并不代表掩码更好。',
    next: '下一个候选',
    previous: '上一个候选',
  },

  views: { label: '工作内容', annotate: '标注', author: '编写', results: '结果', review: '审核' },
  author: authorTexts,
  reviewing: reviewingTexts,

  sidePanels: {
    label: '侧面板',
    regions: '区域',
    texts: '文字',
    history: '历史',
  },

  history: {
    title: '历史',
    help: '所有步骤，最新的在最上面。选择一步即可回到或前进到那里。已撤销的步骤保留到下一次更改。',
    start: '项目已创建',
    change: (label) => label,
    undo: (label) => `撤销：${label}`,
    redo: (label) => `重做：${label}`,
    undone: '已撤销',
  },

  imageTexts: {
    empty: '这张图像的区域还没有文字。',
    judged: (part, all) => `已审核 ${number(part)} / ${number(all)} 段文字`,
    nextImage: '下一张有文字的图像',
    verdicts: { accept: '正确', reject: '错误' },
  },

  categories: {
    title: '类别',
    create: (name) => `新建“${name}”`,
    lock: '锁定类别：标注时不新建类别',
    lockedHelp: (name) => `项目的类别已锁定，其中没有“${name}”。请选择已有类别，或在“类别”中解锁。`,
    search: '搜索类别',
    found: '可选名称',
    noMatch: '没有名称包含该文字的类别。',
    paste: '粘贴列表…',
    pasteHelp: '每行一个名称。已有的类别不变。',
    pasteAdd: (total) => `添加 ${number(total)} 个类别`,
    empty: '还没有类别。给区域命名时也会自动创建。',
    add: '添加',
    newName: '新类别',
    name: '名称',
    color: '颜色',
    key: '数字键',
    noKey: '无',
    keyOf: (key, name) => `${key}（与“${name}”互换）`,
    parent: '上级',
    noParent: '无上级',
    taken: '已有同名类别。要合并两者，请用下面的“合并”。',
    attributes: '其区域的属性',
    attributesHelp: '例如“遮挡”或“材质”。该类别的每个区域都会有对应的输入框。',
    attributeName: '属性名称',
    attributeType: (name) => `${name} 的种类`,
    attributeChoices: (name) => `${name} 的选项`,
    choicesPlaceholder: '以逗号分隔的选项',
    removeAttribute: (name) => `删除属性 ${name}；已填的值仍保留在区域上`,
    types: { text: '文字', number: '数字', boolean: '是或否', choice: '选项' },
    removal: '合并或删除',
    removalHelp: (value) =>
      value === 0
        ? '没有区域属于该类别。'
        : `${number(value)} 个区域属于该类别。区域会保留，改为另一类别或没有类别。此操作可以撤销。`,
    mergeInto: '合并到…',
    merge: '合并',
    remove: '删除',
  },

  train: {
    title: '用本项目训练',
    help: '用您的掩码继续训练模型，并在训练前后用留出图像各评分一次。结果是一个新模型；现有模型不变。在笔记本电脑上约需二十分钟。任何数据都不会离开本机。',
    tooFew: (found, needed) =>
      `可用于训练的有 ${images(found)}；至少需要 ${number(needed)} 张，约 50 张可改进模型。请绘制带类别的区域，并将图像标记为已完成。`,
    enough: (found) =>
      `可用于训练的有 ${images(found)}。${found < 50 ? '约 50 张可改进模型。' : ''}`,
    minutes: '训练分钟数',
    start: '开始训练',
    needs:
      '训练需要本机安装 Python 3.11 或更高版本。所需软件包只安装一次，放在单独的文件夹中。训练期间，您可以继续标注，也可以关闭项目。',
    log: '日志',
    result: '训练前后在留出图像上的分数',
    columns: { before: '训练前', after: '训练后', objects: '目标数' },
    prompts: { box: '框', point: '点', text: '文字' },
    commandTitle: '在终端中做同样的事',
    commandHelp:
      '请在源代码目录中运行。先在这里关闭项目，因为命令要读取其标注。命令提示训练已开始后，即可重新打开项目。',
    copy: '复制',
    copied: '已复制',
  },

  statistics: {
    title: '统计',
    reading: '正在统计…',
    failed: '无法读取统计。',
    empty: '还没有可统计的内容。请先接受一个候选或绘制一个区域。',
    asTable: '以表格显示',
    listImages: '列出这些图像',
    perCategory: (shown, all) =>
      shown < all
        ? `各类别的区域数（共 ${number(all)} 类，显示最多的 ${number(shown)} 类）`
        : '各类别的区域数',
    sizes: '区域大小',
    side: '等面积正方形的边长（像素）',
    area: '面积（像素）',
    range: (from, to) => `${number(from)} – ${number(to)}（像素）`,
    perImage: '每张图像的区域数',
    regionsOfImage: '区域数',
    progress: '进度',
    time: '时间',
  },

  origin: {
    asked: '提示',
    model: '模型',
    threshold: '掩码阈值',
    askAgain: '再问一次',
    askAgainWith: '重复提示所用的模型',
    askAgainHint: '再次发送同样的提示。回答是候选；区域不会改变。',
    request: (request) => {
      const marks = request.regions.flatMap((region) => region.marks);
      const kinds = {
        point: '个点',
        box: '个框',
        scribble: '笔涂画',
        polygon: '个多边形',
        mask: '个掩码',
      };
      const drawn = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
        const total = marks.filter((mark) => mark.kind === kind).length;
        return total > 0 ? [`${number(total)} ${kinds[kind]}`] : [];
      });
      const words = request.task === 'segment' ? request.text : null;
      return list(words ? [`“${words}”`, ...drawn] : drawn);
    },
  },

  regions: {
    title: '区域',
    hideCategory: (name) => `隐藏全部 ${name}`,
    showCategory: (name) => `显示全部 ${name}`,
    lockCategory: (name) => `锁定全部 ${name}`,
    unlockCategory: (name) => `解锁全部 ${name}`,
    filter: '排序和筛选区域',
    order: '顺序',
    orders: {
      drawing: '绘制顺序',
      'to-check': '待检查的在前',
      score: '分数，从低到高',
      area: '面积，从大到小',
      source: '来源，模型在前',
      attributes: '属性，缺少的在前',
    },
    words: '类别或属性',
    source: '来源',
    sources: { person: '人工', model: '模型', import: '导入' },
    scoreBelow: '分数低于',
    areaBelow: '面积小于（像素）',
    toCheck: '待检查',
    onlyToCheck: '仅待检查的区域',
    noMatch: '没有符合条件的区域。',
    emptyTitle: '还没有区域',
    emptyHelp: '接受的候选和绘制的形状会列在这里。',
    markEmpty: '这里没有要标注的',
    noCategory: '无类别',
    hide: (name) => `隐藏 ${name}`,
    show: (name) => `显示 ${name}`,
    hideAll: '全部隐藏',
    showAll: '全部显示',
    lock: (name) => `锁定 ${name}`,
    unlock: (name) => `解锁 ${name}`,
    look: '区域外观',
    colorBy: '着色依据',
    colorings: { category: '类别', instance: '区域' },
    opacity: '填充',
    patterns: '每个类别使用不同图案',
    nameTags: '在区域旁显示名称',
    actions: '更改选中的区域',
    imageState: '图像状态',
    imageSplit: '图像划分',
  },

  region: {
    title: '选中的区域',
    several: (value) => `已选中 ${number(value)} 个区域`,
    none: '选中一个区域，即可命名、描述或提问。',
    category: '类别',
    categoryHint: '输入名称，或按数字键',
    attributes: '属性',
    noValue: '（空）',
    yes: '是',
    no: '否',
    removeAttribute: (name) => `删除 ${name} 的值`,
    texts: '文字',
    kind: '文字的种类',
    chooseAnswer: '选择答案',
    noTexts: '还没有文字。',
    byModel: '模型所写',
    byPerson: '人工所写',
    by: (name) => `${name} 所写`,
    imported: '导入',
    add: '添加',
    describe: '让模型描述它',
    ask: '问模型',
    refer: '让模型写指代文字',
    referQuestion:
      '请为此区域写一个简短的指代表达：让人在照片中只能找到它、而不会找到其他目标的文字。只回答该表达。',
    writing: '模型正在书写…',
    keep: '保留',
    discard: '舍弃',
    close: '关闭',
    removeText: '删除这段文字',
    edit: '编辑',
    save: '保存',
    cancel: '取消',
    fromModel: (model, score) => `掩码由 ${model} 生成，分数 ${Math.round(score * 100)} %`,
    fromPerson: '手工绘制',
    fromImport: (file) => `导入自 ${file}`,
  },

  /** Labels of the journal steps. */
  steps: chineseSteps,

  dialogs: {
    cancel: '取消',
    close: '关闭',
    choose: '选择…',
    chooseFolder: '文件夹…',
    folder: '文件夹',
    create: {
      title: '新建项目',
      name: '名称',
      folder: '项目文件夹',
      folderHelp: '项目是该文件夹中的一个文件。您的照片不会被复制。',
      submit: '创建项目',
      noFolder: '未选择文件夹',
      purpose: '用途',
      purposes: {
        regions: '照片与区域',
        perbench: 'PerBench：描述、选择题与指代三个队列',
      },
      dataset: '起始区域：COCO 或其他数据集（可选）',
      noDataset: '无',
      images: '其照片',
      sameFolder: '与数据集同一文件夹',
      drafts: '由区域生成条目草稿',
    },
    saveAs: {
      title: '将项目另存到别处',
      help: '项目会写入一个新文件，之后在新文件中继续。旧文件保持原样。',
      submit: '保存',
    },
    open: { title: '打开项目' },
    importFolder: { title: '添加图像文件夹', submit: '添加此文件夹' },
    importDataset: {
      title: '导入数据集',
      path: '标注文件，或数据集的文件夹、zip 压缩包',
      format: '格式',
      noFormat: '选择格式',
      recognised: (title) => `已识别：${title}`,
      maybe: (titles) => `可能的格式：${titles.join('、')}。请选择一种。`,
      unknown: '未识别出格式。请选择格式。',
      onlyPhotos: '没有标注的照片',
      photosAlone: (total) => `不导入标注：${number(total)} 张照片将解压到项目旁并添加。`,
      sameFolder: '数据集所在文件夹',
      images: '图像所在文件夹',
      noFile: '未选择文件或文件夹',
      existing: '已有标注的图像',
      policies: {
        merge: '添加缺少的标注',
        replace: '替换已有标注',
        skip: '跳过这些图像',
      },
      policyHelp: {
        merge: '类别相同的已有区域不会重复添加。',
        replace: '文件中的标注替换已有标注。',
        skip: '只为没有标注的图像添加标注。',
      },
      help: '导入可以作为一步撤销。无法读取的行会连同原因一起列出。',
      submit: '导入',
    },
    browser: {
      up: '上一级文件夹',
      empty: '这个文件夹里没有可选的内容。',
      path: '文件夹路径',
      go: '前往',
      chooseFolder: '选择此文件夹',
      fileName: '文件名',
      save: '保存到这里',
      open: '打开',
    },
    palette: {
      title: '所有命令',
      search: '搜索命令',
      none: '没有符合的可用命令。',
      count: (value) => `${number(value)} 个命令`,
    },
    shortcuts: { title: '键盘快捷键' },
  },

  settings: {
    title: '设置',
    appearance: '外观',
    language: '语言',
    languages: { system: '跟随系统', en: 'English', 'zh-CN': '简体中文' },
    theme: '主题',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
    project: '本项目',
    projectModel: '模型',
    applicationModel: '上次使用的模型',
    notInstalled: (id) => `${id}（未安装）`,
    labelling: '标注',
    person: '您的姓名',
    personHint: '用于历史与审核（可不填）',
    marksDone: '接受或画出区域后，将图像标记为已完成',
    keyboard: '键盘',
    keyProfile: '快捷键预设',
    keyProfiles: {
      default: 'Pixel-SAIL Studio',
      labelme: 'labelme',
      'x-anylabeling': 'X-AnyLabeling',
      cvat: 'CVAT',
      'label-studio': 'Label Studio',
    },
    searchCommand: '查找命令',
    add: '添加按键',
    addKeys: (label) => `添加按键：${label}`,
    pressKeys: '请按下按键；Esc 取消',
    dropKeys: (keys, label) => `从“${label}”移除 ${keys}`,
    resetKeys: (label) => `恢复为预设：${label}`,
    conflict: (keys, label) => `${keys} 已用于：${label}`,
    takeKeys: '重新分配',
  },

  splitShares: {
    title: '划分',
    keep: '使用图像已有的划分',
    share: '按比例划分图像',
    shareHelp: '仅用于此次导出；每个类别按相同比例划分。种子相同，划分相同。',
    seed: '随机种子',
    groupBy: '归入同一划分',
    groupings: {
      image: '无：每张图像单独划分',
      folder: '同一文件夹的图像',
      pattern: '名称匹配结果相同的图像',
    },
    pattern: '路径的正则表达式',
    patternHelp: '匹配文字相同的图像归入同一划分。表达式有括号分组时，比较第一个分组。',
    patternWrong: '这不是有效的正则表达式。请补全括号，例如 ^(.*)_\\d+.jpg$',
    sharesWrong: '请输入不小于 0 的数，至少一个大于 0；种子须为整数。',
    keepsSplits: '已有划分的图像保留其划分',
    groups: (total) => `共 ${number(total)} 组待划分`,
    preview: '划分结果（各划分的图像与区域，百分比）',
  },

  export: {
    title: '导出数据集',
    format: '格式',
    zip: '打包为一个 zip 文件',
    zipHelp: '打包该格式写出的全部内容；导出包括照片时，照片也在其中。',
    narrow: '筛选',
    categories: '只导出这些类别的区域（都不选则全部导出）',
    which: '图像',
    labelled: '所有有区域的图像，以及标记为“无目标”的图像',
    reviewed: (total) => `只导出标记为已完成或“无目标”的（${images(total)}）`,
    unlabelled: '没有区域的图像只有标记为“无目标”时才导出。',
    file: '文件',
    folder: '文件夹',
    noFile: '未选择',
    folderTaken: (folder) =>
      `${folder} 中是本项目先前的导出，但之后有文件增减。覆盖会替换整个文件夹。`,
    taken: (file) => `${file} 已存在，且不是本项目先前以此格式导出的。覆盖会删除其中的内容。`,
    otherName: '换一个名称',
    overwrite: '覆盖',
    submit: '导出',
    running: '正在写入并核对…',
    again: '再次导出',
    proofGood: ({ objects, exact }) =>
      objects === exact
        ? `已读回文件并逐一比对：全部 ${number(objects)} 个对象与这里存储的完全一致。`
        : `已读回文件并逐一比对：${number(objects)} 个对象中有 ${number(exact)} 个完全一致，其余的已达到此格式所能做到的最接近程度。`,
    proofBad: ({ objects, exact, missing, extra }) =>
      `已读回文件，其内容与这里存储的不符：${number(objects)} 个对象中有 ${number(exact)} 个完全一致，缺少 ${number(missing.length)} 个，多出 ${number(extra.length)} 个。请勿使用此文件；请重新导出或报告此问题。`,
    ofObjects: (part, objects) => `${number(part)} / ${number(objects)}`,
    rows: {
      images: '图像',
      annotations: '标注',
      categories: '类别',
      exact: '完全一致的对象',
      minimumIou: '最低 IoU',
      area: '最大面积偏差',
      bbox: '最大边界框偏差',
      skipped: '未导出',
    },
    changed: '导出时有改动',
    skipped: '未导出',
    leftOut: (reason, whats) => {
      const named = whats.slice(0, 5).join('、');
      const more = whats.length > 5 ? `，另有 ${number(whats.length - 5)} 项` : '';
      return `${number(whats.length)} 项，原因：${reason}：${named}${more}`;
    },
  },

  jobs: {
    importFolder: '添加图像',
    importDataset: '导入数据集',
    exportDataset: '导出数据集',
    importModel: '导入模型',
    addModel: '添加模型',
    addServer: '添加聊天服务器',
    convertModel: '转换检查点',
    cancel: '取消',
    stopping: '正在停止…',
    progress: (done, total) =>
      total === null ? number(done) : `${number(done)} / ${number(total)}`,
    left: (milliseconds) => {
      const seconds = Math.max(1, Math.round(milliseconds / 1000));
      return seconds < 90
        ? `约剩 ${number(seconds)} 秒`
        : `约剩 ${number(Math.round(seconds / 60))} 分钟`;
    },
    interrupted: (label) => `“${label}”在程序关闭时中断。请恢复，或关闭此通知以放弃。`,
    resume: '恢复',
    resumed: '已恢复的任务',
    trained: (title) => `${title} 已训练完成。请在模型中选用。`,
    failed: (label, message) => `“${label}”失败。${message}`,
    cancelled: (label, kept) => `“${label}”已取消。${kept}`,
    installed: (title) => `${title} 已安装。`,
    showNotes: '显示详情',
    notesTitle: '导入报告',
    skipped: '未导入',
    warnings: '已导入（有警告）',
    more: (value) => `另有 ${number(value)} 项`,
    handOut: '分发项目',
    mergeHandout: '合并分发的项目',
    drafted: (items) =>
      items === 0 ? '没有需要草稿的区域。' : `已由区域生成 ${number(items)} 份条目草稿。`,
    readDrafts: '去阅读',
    draftItems: '生成条目草稿',
    subject: subjectOf,
    added,
    imported: (report) => {
      const first = report.skipped[0];
      if (!first) return added(report);
      const rest = report.skipped.length - 1;
      const more = rest > 0 ? `，另有 ${number(rest)} 项` : '';
      return `${added(report)}未导入：${subjectOf(first.what)}${more}。`;
    },
  },

  closing: { stay: '保持窗口打开', leave: '不保存并关闭' },

  nativeMenu: {
    quit: '退出',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    togglefullscreen: '全屏',
    toggleDevTools: '开发者工具',
  },

  notices: {
    rescue: '抢救到新项目',
    label: '通知',
    dismiss: '关闭',
    changesLost: (count, project) =>
      `对 ${project} 的 ${count} 处更改未能保存，已丢失：另一个窗口打开了另一个项目。`,
    backedUp: (file) => `已备份到 ${file}`,
    checkedClean: '项目文件中没有发现问题。',
    checkedBroken: (problems) => `项目文件有问题：${problems.join(' ')}`,
    unreadable: (paths) =>
      `已损坏：${images(paths.length)}（${paths.slice(0, 5).join('、')}${paths.length > 5 ? '…' : ''}）。` +
      '请在看图程序中逐个打开并重新保存，或重新复制。',
    cannotDrop: '浏览器不提供拖入文件的路径。请在这里选择文件或文件夹。',
    dropIntoProject: '请先新建或打开项目，再重新拖入文件。',
  },

  inThisLanguage: ({ chinese: said }) => said,

  otherFailure: (code, message) => `${chineseHeadlines[code]}\n英文详情：${message}`,

  errors: {
    nothingToPropagate: '选中的区域放不进列表中后续的任何图像。',
    refused:
      '您的更改被拒绝，因为另一个窗口更改了相同的记录。窗口中是已存的记录；您的更改保留在窗口顶部。',
    locked: (value) => (value === 1 ? '该区域已锁定。' : `${number(value)} 个区域已锁定。`),
    unlock: (value) => (value === 1 ? '解锁该区域' : `解锁 ${number(value)} 个区域`),
    notEmpty: '这张图像有区域。请先将其删除。',
    nothingDone: '这张图像没有区域。请绘制一个，或选择“这里没有要标注的”。',
    nothingToCut: '请先选中要从中减去的区域。',
    outsideCrop: '模型只能看到图像的明亮部分。请先选择“整张图像”。',
    nothingToErase: '请先选中要擦除的区域。',
    selectTwo: '请先选中两个或更多区域：Shift + 单击可加选。',
    onePiece: '该区域只有一个部分。',
    noHoles: '该区域没有孔洞。',
    pastedOutside: '复制的区域位于此图像之外。',
  },
};
