import type { HandoutReport } from '../../app/api/contract/jobs.ts';
import type { ImportReport } from '../../app/api/contract/dataset.ts';
import { stepTexts } from '../../core/project/step-labels.ts';
import type { ProjectPurpose } from '../../core/project-settings.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { ExportProof } from '../../core/formats/export-proof.ts';
import type { DeviceKind, DeviceReport, ModelRequest } from '../../core/prompt.ts';
import type { ImageState, Split } from '../../core/records.ts';
import { formatsOf } from './formats.ts';
import type { Coloring } from '../../app/api/settings.ts';
import { annotations, count, images } from './en/counted.ts';
import { authorTexts } from './en/author.ts';
import { keypointTexts } from './en/keypoints.ts';
import { categoryDialogTexts } from './en/category-dialog.ts';
import { reviewingTexts } from './en/reviewing.ts';
import { placeTexts } from './en/places.ts';
import { regionStatisticTexts } from './en/region-statistics.ts';
import { releaseNoteTexts } from './en/release-notes.ts';
import { tourTexts } from './en/tour.ts';
import { scoreTexts } from './en/scores.ts';
import { imageListTexts } from './en/image-list.ts';
import { changedPhotosTexts } from './en/changed-photos.ts';
import { compareDatasetsTexts } from './en/compare-datasets.ts';
import { checkRegionsTexts } from './en/check-regions.ts';
import { compareModelsTexts } from './en/compare-models.ts';
import { labelImagesTexts } from './en/label-images.ts';

/**
 * Every text of the interface, in English. The other languages have the same shape. Components
 * take texts from `text.svelte.ts`, which answers in the language that is chosen.
 */

const { number, shortNumber, list, dateTime, timeTick } = formatsOf('en');
const bytes = (value: number): string => {
  if (value < 1e6) return `${number(Math.max(1, Math.round(value / 1e3)))} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
};

interface InBothLanguages<English, Chinese> {
  readonly english: English;
  readonly chinese: Chinese;
}

type Proof = Pick<ExportProof, 'objects' | 'exact' | 'missing' | 'extra'>;

const deviceNames: Readonly<Record<DeviceKind, string>> = {
  cpu: 'CPU',
  webgpu: 'GPU (WebGPU)',
  cuda: 'GPU (CUDA)',
  dml: 'GPU (DirectML)',
  coreml: 'Core ML',
};

type DeviceSummary = Pick<DeviceReport, 'used' | 'threads' | 'kind'>;

/** The place where a model computes. */
const placeNames: Readonly<Record<DeviceReport['used'], string>> = {
  ...deviceNames,
  server: 'Server',
};

const stateNames: Readonly<Record<ImageState, string>> = {
  untouched: 'Open',
  'to-check': 'To check',
  'reviewed-empty': 'Nothing here',
  done: 'Done',
};

const splitNames: Readonly<Record<Split | 'none', string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
  none: 'No split',
};

type ImportedText = Pick<ImportReport, 'images' | 'annotations' | 'skipped' | 'existing'>;

function added(report: ImportedText): string {
  const parts = [
    report.images > 0 ? images(report.images) : '',
    report.annotations > 0 ? annotations(report.annotations) : '',
  ].filter((part) => part !== '');
  const { alreadyThere = 0, replaced = 0, skipped = 0 } = report.existing ?? {};
  return [
    parts.length > 0 ? `Added ${list(parts)}.` : 'Nothing new was added.',
    ...(alreadyThere > 0 ? [`Already there: ${annotations(alreadyThere)}.`] : []),
    ...(replaced > 0 ? [`Replaced: ${annotations(replaced)}.`] : []),
    ...(skipped > 0 ? [`Left out with their images: ${annotations(skipped)}.`] : []),
  ].join(' ');
}

export const english = {
  app: { name: 'Pixel-SAIL Studio', starting: 'Starting…' },

  number,
  shortNumber,
  bytes,
  iou: (value: number) => value.toFixed(4),
  pixels: (value: number) => `${number(value)} px`,
  dateTime,
  timeTick,
  percent: (value: number) => `${Math.round(value * 100)} %`,
  units: { images, annotations },
  devices: deviceNames,
  states: stateNames,
  splits: splitNames,

  start: {
    tagline:
      'Point, drag, scribble or type. The model proposes masks and texts; you accept or correct them.',
    create: 'New project',
    createHint: 'One file holds the whole project. Photos are not copied.',
    askName: 'Your name, for history and reviews (optional)',
    saveName: 'Save',
    skipName: 'Skip',
    open: 'Open project',
    openHint: 'A file with the extension .pixelsail.',
    sample: 'Try the sample project',
    sampleHint: 'A few photos for trying every tool.',
    benchmark: 'Open the sample benchmark',
    benchmarkHint: 'Descriptions, questions and referring expressions, for review and scoring.',
    recent: 'Recent projects',
    noRecent: 'Opened projects are listed here.',
    missing: 'File not found',
    forget: (name: string) => `Remove ${name} from this list`,
    backups: (name: string) => `Backups of ${name}`,
    models: 'Models and devices',
    openedAt: dateTime,
  },

  commands: {
    brushSmaller: 'Smaller brush',
    brushLarger: 'Larger brush',
    textPrompt: 'Text prompt',
    accept: 'Accept the proposal, or finish the shape',
    escape: 'Discard the draft, reject the proposal, or clear the selection',
    nextProposal: 'Next proposal',
    previousProposal: 'Previous proposal',
    compareModels: 'Compare with another model…',
    takeFirst: 'Take the answer of model A',
    takeSecond: 'Take the answer of model B',
    stopComparing: 'Stop comparing models',
    quickCategory: 'Choose the category of the number key',
    undo: 'Undo',
    redo: 'Redo',
    delete: 'Delete the region, or the last vertex',
    copy: 'Copy',
    paste: 'Paste',
    duplicate: 'Duplicate',
    copyToNext: 'Copy to the next image',
    propagate: 'Copy the selected regions to the next images',
    repeatLast: 'Repeat the last region',
    union: 'Merge regions',
    subtract: 'Subtract from first region',
    intersect: 'Intersect regions',
    exclude: 'Exclude overlap',
    split: 'Split into separate regions',
    fillHoles: 'Fill holes',
    toPolygon: 'Convert to a polygon',
    toMask: 'Convert to a mask',
    simplify: 'Simplify the outline…',
    refineEdge: 'Fit the edge to the image',
    hide: 'Hide or show the region',
    hideAll: 'Hide or show all regions',
    lock: 'Lock or unlock the region',
    fillLess: 'Fill regions less',
    fillMore: 'Fill regions more',
    nameTags: 'Show or hide names of regions',
    selectAll: 'Select all regions',
    bringToFront: 'Bring the region to the front',
    bringForward: 'Bring the region forward',
    sendBackward: 'Send the region backward',
    sendToBack: 'Send the region to the back',
    nextImage: 'Next image',
    previousImage: 'Previous image',
    nextUntouched: 'Next image that is not done',
    backToImage: 'Back to the previous image in the viewing history',
    forwardToImage: 'Forward to the next image in the viewing history',
    markDone: 'Mark the image as done',
    markEmpty: 'Mark the image as empty',
    searchImages: 'Search images',
    filterImages: 'Filter and sort images',
    imageGrid: 'Show images as a grid or as a list',
    imageLook: 'Image display: brightness, contrast, gamma, channel',
    filterRegions: 'Filter and sort regions',
    fit: 'Fit the image',
    actualSize: 'Actual size (100 %)',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    importFolder: 'Add a folder of images…',
    importDataset: 'Import dataset…',
    exportDataset: 'Export dataset…',
    compareDatasets: 'Compare with a dataset…',
    categories: 'Categories…',
    statistics: 'Statistics…',
    labelImages: 'Label all images…',
    draftItems: 'Draft items from regions',
    checkRegions: 'Check the model’s regions…',
    trainModel: 'Train on this project…',
    showRegions: 'Show the regions',
    viewAnnotate: 'Annotate: make regions',
    viewAuthor: 'Author: write items about regions',
    viewReview: 'Review: judge items and masks',
    viewResults: 'Results: score models, item by item',
    showTexts: 'Texts of this image',
    showHistory: 'Show the history',
    saveAs: 'Save the project elsewhere…',
    backup: 'Back up the project',
    handOut: 'Hand out a part of the project…',
    mergeHandout: 'Merge a handout…',
    backups: 'Backups…',
    models: 'Models and devices…',
    check: 'Check the project file',
    closeProject: 'Close the project',
    createProject: 'New project…',
    openProject: 'Open a project…',
    openSample: 'Open the sample project',
    openBenchmark: 'Open the sample benchmark',
    toggleImagePanel: 'Show or hide the image list',
    toggleSidePanel: 'Show or hide the side panel',
    nextPane: 'Go to the next part of the window',
    previousPane: 'Go to the previous part of the window',
    palette: 'All commands…',
    settings: 'Settings…',
    shortcuts: 'Keyboard shortcuts',
    tour: 'Take the tour',
    releaseNotes: 'What is new',
  },

  commandGroups: {
    tools: 'Tools',
    prompt: 'Prompts and proposals',
    edit: 'Editing',
    images: 'Images',
    view: 'View',
    project: 'Project',
    help: 'Help',
  },

  gestures: {
    title: 'Mouse',
    rows: [
      ['Left click with the point tool', 'Positive point: belongs to the object'],
      ['Right click, or Alt + click', 'Negative point: does not belong to the object'],
      ['Shift + click', 'Start on another object'],
      ['Alt + click with Select', 'Next region underneath'],
      ['Shift + click with Select', 'Add to the selection, or remove from it'],
      ['Alt + click on a vertex', 'Remove the vertex'],
      ['Drag the middle of an edge', 'Insert a vertex'],
      ['Ctrl while dragging a vertex', 'Do not snap'],
      ['Alt at the first vertex or corner', 'Cut the shape out of the selected region'],
      ['Arrow keys, with Shift by 10', 'Move the selected regions by pixels'],
      ['Alt + wheel with Brush or Eraser', 'Size of the brush'],
      ['Arrow keys, then Enter or Space', 'Click with the keyboard'],
      ['Alt + arrow keys with Select', 'Move the crosshair, not the selected regions'],
      ['Wheel', 'Zoom at the pointer'],
      ['Space + drag, or middle drag', 'Move the image'],
      ['Shift while dragging a box', 'Keep it square'],
    ] as readonly (readonly [gesture: string, effect: string])[],
  },

  topBar: {
    project: 'Project',
    menu: 'Project menu',
    saved: 'Saved',
    saving: (waiting: number) => (waiting > 1 ? `Saving ${waiting} changes…` : 'Saving…'),
    failed: (waiting: number) => `Not saved: ${count(waiting, 'change', 'changes')}`,
    failedTitle: 'Your changes are not saved yet',
    failedHelp:
      'The unsaved changes are kept in order. Remove the cause and try again. Dropping them restores the stored records.',
    retry: 'Try again',
    drop: 'Drop unsaved changes',
    refused: (changes: number) => `Refused: ${count(changes, 'change', 'changes')}`,
    refusedTitle: 'Another window changed the same records',
    refusedHelp:
      'The window shows the stored records. Your changes are kept here. Apply them again to these records, or discard them.',
    refusedNow: 'Now',
    refusedOwn: 'Yours',
    applyRefused: 'Apply again',
    discardRefused: 'Discard',
  },

  device: {
    title: 'Model and device',
    noneHelp: 'No model is installed. Import a package or convert a checkpoint.',
    unused: 'Rejected by the self-test',
    summary: ({ used, threads, kind }: DeviceSummary) =>
      used === 'cpu'
        ? `CPU${kind === 'integer' ? ' (int8)' : ''} · ${count(threads, 'thread', 'threads')}`
        : placeNames[used],
    verified: (selfTestMs: number) =>
      `Self-test: ${number(Math.round(selfTestMs))} ms, measured on the device in use, which may differ from the chosen device.`,
    model: 'Model',
    runOn: 'Run on',
    auto: 'Automatic',
    load: 'Load',
    reload: 'Load again',
    manage: 'Models and devices…',
  },

  models: {
    title: 'Models and devices',
    /** The reason why a task is not offered with the loaded model. */
    cannot: {
      segment: (model: string) => `${model} cannot segment regions. Load another model for that.`,
      describe: (model: string) => `${model} cannot describe regions. Load another model for that.`,
      ask: (model: string) => `${model} cannot answer questions. Load another model for that.`,
      read: (model: string) =>
        `${model} does not accept text prompts. Mark the object with a point or a box.`,
    },
    pages: {
      add: 'Add ONNX files',
      server: 'Add chat server',
      import: 'Import a package',
      convert: 'Convert a checkpoint',
      devices: 'Devices and self-test',
    },
    uses: { starting: 'Loading the model…', failed: 'Model failed', ready: 'In use' },
    wordsUses: {
      starting: 'Connecting for words…',
      failed: 'Failed for words',
      ready: 'For words',
    },
    useForWords: 'Use for words',
    noWordsModel: 'Stop using for words',
    wordsOfProject: 'Use it for words in this project',
    wordsOfProjectHelp:
      'Descriptions, questions and referring texts come from this model, masks from the other one. Each text and each mask names its model.',
    server: {
      help: 'A chat server writes words: descriptions, answers to questions, and referring texts. Any server that speaks the OpenAI chat API with images will do, such as Ollama, vLLM or LM Studio. It is asked for nothing until you use it.',
      add: 'Connect and add',
      address: 'Address',
      model: 'Name of the model on the server',
      unusable:
        'Expected http://HOST:PORT/v1 or https://HOST/v1, without user, password and query.',
      stays: (origin: string) =>
        `${origin} is this computer. Photos leave this program for that one, and do not leave the computer.`,
      leaves: (origin: string) =>
        `Each question sends the photo and its outlined regions to ${origin}. I may send these photos there.`,
      unencrypted: 'The connection is not encrypted.',
      key: 'A server with a key gets it from the environment variable PIXELSAIL_CHAT_KEY, or PIXELSAIL_CHAT_KEY_ and the id in capitals. The program does not store it.',
      gets: (address: string) => `${address} gets the photo with each question`,
      allow: 'Allow for this project',
    },
    ofProject: 'Load it with this project',
    ofProjectHelp:
      'The model is loaded each time the project is opened, on every computer that has it installed.',
    projectMissing: (id: string, instead: string) =>
      `This project’s model “${id}” is not installed.${instead && ` ${instead} is used instead.`} Install it, or choose another for the project.`,
    choose: 'Choose a model…',
    facts: {
      id: 'Id and version',
      license: 'Licence',
      size: 'Size',
      server: 'Server',
      memory: 'Memory while it answers',
      source: 'Source',
      folder: 'Folder',
    },
    size: (size: number, precision: string) => `${bytes(size)}, ${precision}`,
    use: 'Use this model',
    check: 'Check its files',
    checking: 'Checking…',
    whole: 'All files are present, and their hashes match the package.',
    delete: 'Delete…',
    deleteInUse: 'Use another model first',
    deleteQuestion: (title: string) =>
      `Delete ${title} from this computer? Masks that it made stay in your projects.`,
    deleteYes: 'Delete',
    importHelp:
      'A package is a folder with a manifest.json. It is copied to your models, and every file is compared with its hash.',
    addHelp:
      'Drop the ONNX files of one model here: encoder and decoder of SAM or a relative, or one YOLO detector. They are recognised by their inputs and outputs, copied to your models and tested. Weights that a file keeps beside itself are copied too.',
    add: 'Add',
    addedFiles: 'Files of the model',
    removeFile: 'Remove',
    graphFile: 'ONNX file',
    idOf: (id: string) => `Its id: ${id}`,
    idNeedsLetters: 'The id is made of the name, which needs a letter from a to z or a digit.',
    licenseHelp: 'The licence of the weights, as stated by their source.',
    classNames: 'Class names of a detector, one per line; only if the file has none',
    packageFolder: 'Package folder',
    import: 'Import',
    convertHelp:
      'A checkpoint is a folder with config.json, *.safetensors and a tokenizer, in the layout of the Pixel-SAIL authors. No code in it is run.',
    checkpoint: 'Checkpoint folder',
    name: 'Name',
    precision: 'Precision of the weights',
    precisions: {
      fp32: 'fp32: exact, largest',
      fp16: 'fp16: half the size; masks differ by rounding only',
      int8: 'int8: smaller, slightly less exact',
      int4: 'int4: smallest (built-in model: 10 MB instead of 13 MB); scores hardly change',
    },
    convert: 'Convert',
    progress: (done: number, total: number | null) =>
      total === null ? '' : `${bytes(done)} of ${bytes(total)}`,
    devices: {
      help: 'Runs the loaded model on each device, compares the results with those of the CPU, and measures the time. A device passes only if it ran the model itself.',
      device: 'Device',
      result: 'Self-test',
      choose: 'Choice',
      untested: 'Not tested yet',
      testing: 'Testing…',
      works: (name: string, selfTestMs: number) => `${name}, ${selfTestMs.toFixed(1)} ms`,
      use: 'Use',
      testAll: 'Test every device',
      automatic: 'Choose automatically',
    },
  },

  backups: {
    title: 'Backups',
    help: 'Backups are copies of the project in its folder. Restoring opens a copy of the backup as a separate project; nothing is overwritten. Automatic backups are made once a day and before large steps. The newest five are kept, one per day for two weeks, and one per week for eight weeks.',
    automatic: 'Automatic',
    none: 'This project has no backup yet.',
    make: 'Back up now',
    restore: 'Restore into a copy',
  },

  encode: {
    none: 'No model is installed',
    stopped: 'Model not loaded',
    starting: 'Loading the model…',
    measuring: 'Measuring this processor, once…',
    failed: 'Model failed',
    looking: 'Preparing image…',
    answering: 'Answering…',
    imageFailed: 'The model could not prepare this image',
    ready: 'Ready for prompts',
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
    label: 'Image canvas',
    skip: 'Go to the image',
    keys: 'Arrow keys move a crosshair, with Shift in large steps. Enter or Space sets a point, or begins and ends a box or stroke. Enter without movement finishes or accepts. Escape cancels.',
    emptyTitle: 'Add a folder of images to begin',
    emptySteps: [
      'Add a folder of photos. The photos stay in place and are never changed.',
      'Click on an object, drag a box, scribble, or type its name.',
      'The model proposes a mask. Enter accepts it, Esc rejects it, more clicks refine it.',
    ],
    unreadable: 'This image cannot be shown. Its file may have been moved or damaged.',
    loading: 'Loading the image…',
    preparing: 'Preparing a large image for the first time…',
    importing: 'The first image appears here soon.',
  },

  announce: {
    image: (path: string, position: string) => `Image ${position}: ${path}`,
    proposal: (position: string, score: string, said: string) =>
      `Proposal ${position}, score ${score}${said ? `: ${said}` : ''}`,
    category: (name: string) => `Category: ${name}`,
    selected: (name: string) => `Selected: ${name}`,
    placed: (x: number, y: number) => `Set at ${number(x)}, ${number(y)}`,
    pressed: (x: number, y: number) =>
      `Started at ${number(x)}, ${number(y)}. Move, then press Enter to finish`,
    selectedMany: (value: number) => `${count(value, 'region', 'regions')} selected`,
    step: {
      done: (label: string) => `Done: ${label}`,
      undo: (label: string) => `Undone: ${label}`,
      redo: (label: string) => `Redone: ${label}`,
    },
  },

  tools: {
    label: 'Tools',
    options: 'Tool options',
    brushSize: 'Size',
    drawMode: 'Mode',
    drawModes: { new: 'New', add: 'Add', subtract: 'Cut out' },
    drawModeHints: {
      new: 'The shape becomes a new region',
      add: 'The shape is added to the selected region',
      subtract: 'The shape is subtracted from the selected region, for example as a hole',
    },
    snap: 'Snap to other regions (hold Ctrl to disable)',
    tolerance: 'Tolerance',
    likeness: (iou: number, vertices: number, before: number) =>
      `IoU ${iou.toFixed(4)} · ${number(vertices)} of ${count(before, 'vertex', 'vertices')}`,
    apply: 'Apply',
    crop: (width: number, height: number) =>
      `The model sees ${number(width)} × ${number(height)} px`,
    wholeImage: 'Whole image',
    refining: 'Fitting the edge…',
  },

  prompt: {
    placeholder: 'Type what to find, for example: the dog on the left',
    label: 'Text prompt',
    ask: 'Find',
    templates: (category: string) => [`the ${category}`, `every ${category}`],
    history: 'Earlier prompts',
    queued: 'Waiting for the model…',
    stages: {
      queued: 'Waiting for the model…',
      decode: 'Reading the image…',
      encode: 'Preparing image…',
      prefill: 'Reading the prompt…',
      generate: 'Answering…',
      mask: 'Drawing the mask…',
    } as Readonly<Record<string, string>>,
    nothingFound: 'The model found no matching object.',
    said: (words: string) => `Model answer: ${words}`,
    failed: 'The model could not answer.',
    again: 'Ask again',
    dismiss: 'Dismiss',
    stop: 'Stop',
  },

  people: {
    title: 'Others on this project',
    unnamed: 'Somebody',
    here: (name: string) => `${name} is on this image, too`,
    goTo: (name: string) => `Go to the image of ${name}`,
    elsewhere: (name: string) => `${name} is here, on no image`,
    onImage: (names: readonly string[]) =>
      names.length === 1 ? `${names[0]} is on this image` : `${list(names)} are on this image`,
  },

  handout: {
    make: {
      title: 'Hand out a part of the project',
      help: 'Writes one file for a colleague: the images with all of their records, without history. Without the photos, the file keeps their relative paths. Both kinds of file are opened as a project.',
      submit: 'Write the handout',
    },
    proposedName: (name: string) => `${name} for a colleague`,
    allImages: 'All images',
    hasPhotos: 'With the photos, as one zip file',
    made: ({ file, images, photos, leftOut }: HandoutReport) =>
      `Wrote ${file} with ${number(images)} ${images === 1 ? 'image' : 'images'}. ` +
      (photos === null ? '' : `Send the folder ${photos} with it. `) +
      (leftOut.length === 0
        ? ''
        : `${count(leftOut.length, 'photo', 'photos')} could not be copied. `) +
      'Merge the file after your colleague returns it.',
    merge: {
      title: 'Merge a handout',
      help: 'Merges the changes of a colleague in a handout of this project, as one step that can be undone. Changes to different records are all kept.',
      file: 'Handout',
      noFile: 'No file chosen yet',
      noConflicts: 'No conflicts: you and your colleague changed different records.',
      nothing: 'This handout has no changes that the project lacks. There is nothing to merge.',
      conflicts: (count: number) =>
        count === 1
          ? 'You and your colleague changed the same record.'
          : `You and your colleague changed the same ${number(count)} records.`,
      allHere: 'Use this project for all',
      allThere: 'Use the handout for all',
      here: 'This project',
      there: 'Handout',
      compare: 'Compare',
      submit: 'Merge',
    },
    merged: (counts: { added: number; updated: number; removed: number; leftOut: number }) =>
      (counts.added + counts.updated + counts.removed === 0
        ? 'The handout had no changes that the project lacked. Nothing was merged'
        : `Merged: ${number(counts.added)} added, ${number(counts.updated)} changed, ${number(counts.removed)} removed`) +
      (counts.leftOut > 0
        ? `; ${number(counts.leftOut)} left out, because their region was removed from this project.`
        : '.'),
    removed: 'Removed',
    kept: 'Kept, with changes',
    anotherShape: 'another shape',
    kinds: {
      image: 'Image',
      category: 'Category',
      annotation: 'Region',
      item: 'Text',
      review: 'Review',
    },
    fields: {
      categoryId: 'Category',
      geometry: 'Shape',
      zOrder: 'Order',
      attributes: 'Attributes',
      state: 'State',
      split: 'Split',
      verdict: 'Verdict',
      name: 'Name',
      color: 'Colour',
      segments: 'Regions',
    },
  },
  propagate: {
    title: 'Copy to the next images',
    count: 'Number of following images',
    help: (regions: number) =>
      `Copies ${count(regions, 'selected region', 'selected regions')} to the same position in each image. You can undo it as one step.`,
    submit: 'Copy',
  },
  imageLook: {
    title: 'Image display',
    brightness: 'Brightness',
    contrast: 'Contrast',
    gamma: 'Gamma',
    channel: 'Channel',
    channels: { all: 'All', red: 'Red', green: 'Green', blue: 'Blue', grey: 'Grey' },
    reset: 'Reset',
    help: 'Affects the display only, not the file or the input of the model.',
    grid: 'Grid',
    noGrid: 'None',
    pointerLines: 'Lines through the pointer',
    minimap: 'Minimap',
    showMinimap: 'Minimap while zoomed in',
  },
  panels: {
    resizeImages: 'Width of the image list (double click hides it)',
    resizeSide: 'Width of the side panel (double click hides it)',
  },
  proposal: {
    label: 'Proposal',
    score: (score: number) => `${Math.round(score * 100)} %`,
    scoreHint: "The model's own estimate of the mask",
    position: (index: number, total: number) => `${index + 1} of ${total}`,
    category: 'Category',
    categoryPlaceholder: 'Category',
    accept: 'Accept',
    acceptAll: (total: number) => `Accept all ${total}`,
    reject: 'Reject',
    use: 'With the selected region:',
    uses: { union: 'Add', subtract: 'Subtract', replace: 'Replace' },
    move: 'Move this row (drag; Enter: up or down)',
    candidate: (index: number, total: number) => `mask ${index + 1}/${total}`,
    candidateHint:
      'Mask 1 is the answer of the model. The others, largest first, show what else the prompt may mean, such as the whole object or a part. Compare them by eye: a higher percentage does not make a better mask.',
    next: 'Next proposal',
    previous: 'Previous proposal',
  },

  views: {
    label: 'View',
    annotate: 'Annotate',
    author: 'Author',
    results: 'Results',
    review: 'Review',
  },
  author: authorTexts,
  reviewing: reviewingTexts,

  sidePanels: {
    label: 'Side panel',
    regions: 'Regions',
    texts: 'Texts',
    history: 'History',
  },

  history: {
    title: 'History',
    help: 'All steps, newest first. Choose a step to go back or forward to it. Undone steps are kept until the next change.',
    start: 'The project was created',
    change: (label: string) => label,
    undo: (label: string) => `Undo: ${label}`,
    redo: (label: string) => `Redo: ${label}`,
    undone: 'Undone',
  },

  /** The texts of the shown image; the review view has those of the project, and judges blind. */
  imageTexts: {
    empty: 'No region of this image has texts.',
    judged: (part: number, all: number) => `${number(part)} of ${number(all)} texts judged`,
    nextImage: 'Next image with texts',
    verdicts: { accept: 'Right', reject: 'Wrong' },
  },

  categories: {
    title: 'Categories',
    create: (name: string) => `Create “${name}”`,
    lock: 'Lock categories: add no new ones while labelling',
    lockedHelp: (name: string) =>
      `The categories are locked, and “${name}” is not one of them. Choose an existing category, or unlock the categories in Categories.`,
    search: 'Search categories',
    found: 'Names to choose from',
    noMatch: 'No category name matches.',
    paste: 'Paste a list…',
    pasteHelp: 'One name per line. Existing categories do not change.',
    pasteAdd: (total: number) => `Add ${count(total, 'category', 'categories')}`,
    empty: 'No categories yet. Naming a region also adds its category.',
    add: 'Add',
    newName: 'New category',
    name: 'Name',
    color: 'Colour',
    key: 'Key',
    noKey: 'None',
    keyOf: (key: string, name: string) => `${key} (swap with ${name})`,
    parent: 'Parent',
    noParent: 'No parent',
    taken: 'Another category has this name. To merge the two, use “Merge” below.',
    attributes: 'Attributes of its regions',
    attributesHelp:
      'For example “occluded” or “material”. Each region of the category gets a field for it.',
    attributeName: 'Name of an attribute',
    attributeType: (name: string) => `Kind of ${name}`,
    attributeChoices: (name: string) => `Choices of ${name}`,
    choicesPlaceholder: 'Comma-separated choices',
    removeAttribute: (name: string) =>
      `Delete the attribute ${name}; its values stay in the regions`,
    types: { text: 'Text', number: 'Number', boolean: 'Yes or no', choice: 'Choice' },
    removal: 'Merge or delete',
    removalHelp: (annotations: number) =>
      annotations === 0
        ? 'No region has this category.'
        : `${count(annotations, 'region has', 'regions have')} this category. The regions are kept, with the other category or without a category. You can undo this.`,
    mergeInto: 'Merge into…',
    merge: 'Merge',
    remove: 'Delete',
  },

  train: {
    title: 'Train on this project',
    help: 'Trains the model further on your masks, and scores it before and after on held-out images. The result is a new model; the current one does not change. Training takes about twenty minutes on a laptop. No data leaves this computer.',
    tooFew: (found: number, needed: number) =>
      `${images(found)} for training; at least ${number(needed)} are needed, and about 50 improve the model. Draw regions with a category, and mark the images as done.`,
    enough: (found: number) =>
      `${images(found)} for training.${found < 50 ? ' About 50 improve the model.' : ''}`,
    minutes: 'Minutes of training',
    start: 'Start training',
    needs:
      'Training needs Python 3.11 or later on this computer. Its packages are installed once, into a separate folder. You can continue labelling, or close the project, during training.',
    log: 'Log',
    result: 'Scores on held-out images before and after',
    columns: { before: 'Before', after: 'After', objects: 'Objects' },
    prompts: { box: 'Box', point: 'Point', text: 'Text' },
    commandTitle: 'The same in a terminal',
    commandHelp:
      'Run it in a checkout of the sources. Close the project here first, because the command reads its labels. Open the project again after the command reports that training has started.',
    copy: 'Copy',
    copied: 'Copied',
  },

  statistics: {
    title: 'Statistics',
    reading: 'Counting…',
    failed: 'The statistics could not be read.',
    empty: 'The project has no regions yet. Accept a proposal or draw a region first.',
    asTable: 'Show as a table',
    listImages: 'List these images',
    perCategory: (shown: number, all: number) =>
      shown < all
        ? `Regions of each category (the ${number(shown)} most frequent of ${number(all)})`
        : 'Regions of each category',
    sizes: 'Size of regions',
    side: 'Side of a square with the same area, in pixels',
    area: 'Area in pixels',
    range: (from: number, to: number) => `${number(from)} – ${number(to)}`,
    perImage: 'Regions in an image',
    regionsOfImage: 'Regions',
    progress: 'Progress',
    time: 'Time',
  },

  origin: {
    asked: 'Prompt',
    model: 'Model',
    threshold: 'Mask threshold',
    askAgain: 'Ask again',
    askAgainWith: 'Model for the repetition',
    askAgainHint:
      'Sends the same prompt again. The answer is a proposal; the region does not change.',
    request: (request: ModelRequest) => {
      const marks = request.regions.flatMap((region) => region.marks);
      const kinds = {
        point: 'point',
        box: 'box',
        scribble: 'scribble',
        polygon: 'polygon',
        mask: 'mask',
      };
      const many = {
        point: 'points',
        box: 'boxes',
        scribble: 'scribbles',
        polygon: 'polygons',
        mask: 'masks',
      };
      const drawn = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
        const total = marks.filter((mark) => mark.kind === kind).length;
        return total > 0 ? [count(total, kinds[kind], many[kind])] : [];
      });
      const words = request.task === 'segment' ? request.text : null;
      return list(words ? [`“${words}”`, ...drawn] : drawn);
    },
  },

  regions: {
    title: 'Regions',
    hideCategory: (name: string) => `Hide all of ${name}`,
    showCategory: (name: string) => `Show all of ${name}`,
    lockCategory: (name: string) => `Lock all of ${name}`,
    unlockCategory: (name: string) => `Unlock all of ${name}`,
    filter: 'Sort and filter regions',
    order: 'Order',
    orders: {
      drawing: 'Drawing order',
      'to-check': 'To check first',
      score: 'Score, lowest first',
      area: 'Area, largest first',
      source: 'Origin, the model first',
      attributes: 'Attributes, missing first',
    },
    words: 'Category or attribute',
    source: 'Made by',
    sources: { person: 'A person', model: 'The model', import: 'An import' },
    scoreBelow: 'Score below',
    areaBelow: 'Area below, pixels',
    toCheck: 'To check',
    onlyToCheck: 'Only regions to check',
    noMatch: 'No region matches.',
    emptyTitle: 'No regions yet',
    emptyHelp: 'Accepted proposals and drawn shapes are listed here.',
    markEmpty: 'Nothing to label here',
    noCategory: 'No category',
    hide: (name: string) => `Hide ${name}`,
    show: (name: string) => `Show ${name}`,
    hideAll: 'Hide all',
    showAll: 'Show all',
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    look: 'Region appearance',
    colorBy: 'Colour by',
    colorings: { category: 'Category', instance: 'Region' } satisfies Record<Coloring, string>,
    opacity: 'Fill',
    patterns: 'A pattern for each category',
    nameTags: 'Names beside regions',
    actions: 'Change the selected regions',
    imageState: 'State of this image',
    imageSplit: 'Split of this image',
  },

  region: {
    title: 'Selected region',
    several: (number: number) => `${count(number, 'region', 'regions')} selected`,
    none: 'Select a region to name it, describe it or ask about it.',
    category: 'Category',
    categoryHint: 'Type a name, or press a number key',
    attributes: 'Attributes',
    noValue: '–',
    yes: 'Yes',
    no: 'No',
    removeAttribute: (name: string) => `Delete the value of ${name}`,
    texts: 'Texts',
    kind: 'Kind of text',
    chooseAnswer: 'Choose the answer',
    noTexts: 'No texts yet.',
    byModel: 'by the model',
    byPerson: 'by a person',
    by: (name: string) => `by ${name}`,
    imported: 'imported',
    add: 'Add',
    describe: 'Ask the model to describe it',
    ask: 'Ask the model',
    refer: 'Ask the model for words',
    /** Asked of the model, so in the language in which it is to answer. */
    referQuestion:
      'Write a short referring expression for this region: words with which a person finds it in the photo, and no other object. Answer with the expression only.',
    writing: 'The model is writing…',
    keep: 'Keep',
    discard: 'Discard',
    close: 'Close',
    removeText: 'Delete this text',
    edit: 'Edit',
    save: 'Save',
    cancel: 'Cancel',
    fromModel: (model: string, score: number) =>
      `Mask by ${model}, score ${Math.round(score * 100)} %`,
    fromPerson: 'Drawn by hand',
    fromImport: (file: string) => `Imported from ${file}`,
  },

  /** Labels of the journal steps. */
  steps: stepTexts,

  dialogs: {
    cancel: 'Cancel',
    close: 'Close',
    choose: 'Choose…',
    chooseFolder: 'Folder…',
    folder: 'Folder',
    create: {
      title: 'New project',
      name: 'Name',
      folder: 'Project folder',
      folderHelp: 'The project is one file in this folder. Your photos are not copied.',
      submit: 'Create project',
      noFolder: 'No folder chosen',
      purpose: 'Start as',
      purposes: {
        regions: 'Photos and regions',
        perbench: 'PerBench: queues of descriptions, questions and referring items',
      } satisfies Record<ProjectPurpose, string>,
      dataset: 'Regions to start from: COCO or another dataset (optional)',
      noDataset: 'None',
      images: 'Its photos',
      sameFolder: 'In the folder of the dataset',
      drafts: 'Make draft items from the regions',
    },
    saveAs: {
      title: 'Save the project elsewhere',
      help: 'The project is written to a new file, which is then open. The old file does not change.',
      submit: 'Save',
    },
    open: { title: 'Open project' },
    importFolder: { title: 'Add a folder of images', submit: 'Add this folder' },
    importDataset: {
      title: 'Import a dataset',
      path: 'Annotation file, folder or zip file of the dataset',
      format: 'Format',
      /** Shown before a format is recognised or chosen. */
      noFormat: 'Choose a format',
      recognised: (title: string) => `Recognised: ${title}`,
      maybe: (titles: readonly string[]) => `Possible formats: ${titles.join(', ')}. Choose one.`,
      unknown: 'The format was not recognised. Choose a format.',
      onlyPhotos: 'Photos without annotations',
      photosAlone: (total: number) =>
        `No annotations are imported: ${count(total, 'photo', 'photos')} will be unpacked beside the project and added.`,
      sameFolder: 'The folder of the dataset',
      images: 'Folder of its images',
      noFile: 'No file or folder chosen',
      existing: 'Images that already have annotations',
      policies: {
        merge: 'Add missing annotations',
        replace: 'Replace their annotations',
        skip: 'Skip these images',
      },
      policyHelp: {
        merge: 'A region that already exists with the same category is not added again.',
        replace: 'The annotations of the file replace the existing ones.',
        skip: 'Annotations are added only to images that have none.',
      },
      help: 'You can undo the import as one step. Rows that cannot be read are listed with the reason.',
      submit: 'Import',
    },
    browser: {
      up: 'Folder above',
      empty: 'Nothing to choose in this folder.',
      path: 'Folder path',
      go: 'Go',
      chooseFolder: 'Choose this folder',
      fileName: 'File name',
      save: 'Save here',
      open: 'Open',
    },
    palette: {
      title: 'All commands',
      search: 'Search commands',
      none: 'No available command matches.',
      count: (value: number) => count(value, 'command', 'commands'),
    },
    shortcuts: { title: 'Keyboard shortcuts' },
  },

  settings: {
    title: 'Settings',
    appearance: 'Appearance',
    language: 'Language',
    languages: { system: 'As the system', en: 'English', 'zh-CN': '简体中文' },
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    project: 'This project',
    projectModel: 'Model',
    applicationModel: 'Last used model',
    notInstalled: (id: string) => `${id} (not installed)`,
    labelling: 'Labelling',
    person: 'Your name',
    personHint: 'For history and reviews (optional)',
    marksDone: 'Mark an image as done when a region is accepted or drawn',
    keyboard: 'Keyboard',
    keyProfile: 'Shortcut preset',
    keyProfiles: {
      default: 'Pixel-SAIL Studio',
      labelme: 'labelme',
      'x-anylabeling': 'X-AnyLabeling',
      cvat: 'CVAT',
      'label-studio': 'Label Studio',
    },
    searchCommand: 'Find a command',
    add: 'Add keys',
    addKeys: (label: string) => `Add keys: ${label}`,
    pressKeys: 'Press the keys; Esc cancels',
    dropKeys: (keys: string, label: string) => `Remove ${keys} from: ${label}`,
    resetKeys: (label: string) => `Reset to preset: ${label}`,
    conflict: (keys: string, label: string) => `${keys} is already used by: ${label}`,
    takeKeys: 'Reassign',
  },

  splitShares: {
    title: 'Splits',
    keep: 'Use the splits of the images',
    share: 'Split the images by shares',
    shareHelp:
      'Affects the export only. Each category gets the same shares. The same seed gives the same splits.',
    seed: 'Seed',
    groupBy: 'Keep in one split',
    groupings: {
      image: 'Nothing: split image by image',
      folder: 'Images of a folder',
      pattern: 'Images with the same match of a pattern',
    },
    pattern: 'Regular expression of the path',
    patternHelp:
      'Images with the same matched text stay in one split. If the expression has a group in brackets, its first group is compared.',
    patternWrong:
      'This is not a valid regular expression. Close all brackets, for example ^(.*)_\\d+.jpg$',
    sharesWrong:
      'Shares must be numbers of at least 0, one of them above 0. The seed must be an integer.',
    keepsSplits: 'Keep the split of images that have one',
    groups: (total: number) => `${number(total)} ${total === 1 ? 'group' : 'groups'} to split`,
    preview: 'Result (images and regions of each split, in percent)',
  },

  export: {
    title: 'Export dataset',
    format: 'Format',
    zip: 'As one zip file',
    zipHelp: 'Packs all files of the export into one zip file, including exported photos.',
    narrow: 'Filter',
    categories: 'Only regions of these categories (none chosen: all)',
    which: 'Images',
    labelled: 'Images with regions, and images marked “Nothing here”',
    reviewed: (total: number) => `Only images marked as done or “Nothing here” (${images(total)})`,
    unlabelled: 'Images without regions are exported only if they are marked “Nothing here”.',
    file: 'File',
    folder: 'Folder',
    noFile: 'Nothing chosen',
    taken: (file: string) =>
      `${file} already exists, and it is not an earlier export of this project in this format. Overwriting it deletes its content.`,
    folderTaken: (folder: string) =>
      `${folder} contains an earlier export of this project, but files were added or removed since then. Overwriting it replaces the whole folder.`,
    otherName: 'Choose another name',
    overwrite: 'Overwrite',
    submit: 'Export',
    running: 'Writing and checking…',
    again: 'Export again',
    proofGood: ({ objects, exact }: Proof) =>
      objects === exact
        ? `The file was read back and compared: ${objects === 1 ? 'its one object is' : `all ${number(objects)} objects are`} identical to the project.`
        : `The file was read back and compared: ${number(exact)} of ${number(objects)} objects are identical to the project, the others are as close as the format allows.`,
    proofBad: ({ objects, exact, missing, extra }: Proof) =>
      `The file was read back and differs from the project: ${number(exact)} of ${number(objects)} objects are exact, ${number(missing.length)} are missing, ${number(extra.length)} are unexpected. Do not use it; export again or report this.`,
    ofObjects: (part: number, objects: number) => `${number(part)} of ${number(objects)}`,
    rows: {
      images: 'Images',
      annotations: 'Annotations',
      categories: 'Categories',
      exact: 'Exact objects',
      minimumIou: 'Lowest IoU',
      area: 'Largest area deviation',
      bbox: 'Largest box deviation',
      skipped: 'Left out',
    },
    changed: 'Exported with changes',
    skipped: 'Not exported',
    leftOut: (reason: string, whats: readonly string[]) => {
      const named = whats.slice(0, 5).join(', ');
      const more = whats.length > 5 ? ` and ${number(whats.length - 5)} more` : '';
      const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
      return `${sentence} (${number(whats.length)}): ${named}${more}`;
    },
  },

  jobs: {
    importFolder: 'Adding images',
    importDataset: 'Importing a dataset',
    exportDataset: 'Exporting a dataset',
    importModel: 'Importing the model',
    addModel: 'Adding the model',
    addServer: 'Adding the chat server',
    convertModel: 'Converting the checkpoint',
    cancel: 'Cancel',
    stopping: 'Stopping…',
    progress: (done: number, total: number | null) =>
      total === null ? number(done) : `${number(done)} of ${number(total)}`,
    left: (milliseconds: number) => {
      const seconds = Math.max(1, Math.round(milliseconds / 1000));
      return seconds < 90
        ? `about ${number(seconds)} s left`
        : `about ${number(Math.round(seconds / 60))} min left`;
    },
    interrupted: (label: string) =>
      `“${label}” was interrupted when the program closed. Resume it, or close this notice to discard it.`,
    resume: 'Resume',
    resumed: 'Resumed work',
    trained: (title: string) => `${title} is trained. Choose it among the models.`,
    failed: (label: string, message: string) => `${label} failed. ${message}`,
    cancelled: (label: string, kept: string) => `${label} was cancelled. ${kept}`,
    installed: (title: string) => `${title} is installed.`,
    showNotes: 'Show details',
    notesTitle: 'Import report',
    skipped: 'Not imported',
    warnings: 'Imported with warnings',
    more: (value: number) => `and ${number(value)} more`,
    handOut: 'Handing out',
    mergeHandout: 'Merging a handout',
    drafted: (items: number) =>
      items === 0
        ? 'No region needs a draft.'
        : `${count(items, 'draft item', 'draft items')} made from regions.`,
    readDrafts: 'Read them',
    draftItems: 'Drafting items',
    /** The subject of a note: a file, or a record of it. */
    subject: (what: string) => what,
    added,
    imported: (report: ImportedText) => {
      const first = report.skipped[0];
      if (!first) return added(report);
      const rest = report.skipped.length - 1;
      const more = rest > 0 ? ` and ${number(rest)} more` : '';
      return `${added(report)} Left out: ${first.what}${more}.`;
    },
  },

  closing: { stay: 'Keep the window open', leave: 'Close without saving' },

  nativeMenu: {
    quit: 'Quit',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    togglefullscreen: 'Full screen',
    toggleDevTools: 'Developer tools',
  },

  notices: {
    rescue: 'Rescue it into a new project',
    label: 'Notices',
    dismiss: 'Dismiss',
    changesLost: (count: number, project: string) =>
      `${count === 1 ? 'A change' : `${count} changes`} to ${project} could not be saved and ${count === 1 ? 'is' : 'are'} gone: another window opened another project.`,
    backedUp: (file: string) => `Backed up to ${file}`,
    checkedClean: 'No problems found in the project file.',
    checkedBroken: (problems: readonly string[]) =>
      `The project file has problems: ${problems.join(' ')}`,
    unreadable: (paths: readonly string[]) =>
      `Damaged: ${images(paths.length)} (${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ', …' : ''}). ` +
      'Open each file in an image viewer and save it again, or copy it again.',
    cannotDrop:
      'The browser does not report the path of dropped files. Choose the file or folder here.',
    dropIntoProject: 'Create or open a project first. Then drop the files again.',
  },

  /** The text of a pair in this language, for example a sentence of a format. */
  inThisLanguage: <English, Chinese>(both: InBothLanguages<English, Chinese>): English | Chinese =>
    both.english,

  /** Failures without a sentence in this language; `message` is English. */
  otherFailure: (_code: ErrorCode, message: string): string => message,

  errors: {
    nothingToPropagate: 'The selected regions do not fit into any following image of the list.',
    refused:
      'Your change was refused, because another window changed the same records. The window shows the stored records; your change is kept at the top of the window.',
    locked: (regions: number) =>
      regions === 1
        ? 'This region is locked.'
        : `${count(regions, 'region', 'regions')} are locked.`,
    unlock: (regions: number) =>
      regions === 1 ? 'Unlock it' : `Unlock ${count(regions, 'region', 'regions')}`,
    notEmpty: 'This image has regions. Delete them first.',
    nothingDone: 'This image has no regions. Draw one, or choose “Nothing to label here”.',
    nothingToCut: 'Select the region to subtract from first.',
    outsideCrop: 'The model sees only the bright part of the image. Choose “Whole image” first.',
    nothingToErase: 'Select the region to erase from first.',
    selectTwo: 'Select two regions or more first: Shift + click adds one to the selection.',
    onePiece: 'This region has only one part.',
    noHoles: 'This region has no holes.',
    pastedOutside: 'The copied regions are outside this image.',
  },
};

/** The type of a dictionary, which every language implements. */
export type Texts = typeof english;
