import { stepText, stepTexts, type StepLabel } from './project/step-labels.ts';
import type { ModelTask, SegmentPrompt } from './prompt.ts';
import type { RecordKind } from './records.ts';

/**
 * What is said about the failures that people meet most: what was found, what was expected, what to do. In English
 * here, for the command line and for logs; the interface says them in its own language, from the same parts.
 */

/** What was being done with a file, in the words that follow "Cannot". */
export type FileAction =
  | 'read'
  | 'use'
  | 'write'
  | 'list'
  | 'read the image'
  | 'read the settings'
  | 'write the settings'
  | 'put aside the settings'
  | 'restore the backup'
  | 'copy the sample photos'
  | 'import the folder'
  | 'import the model package'
  | 'delete the model'
  | 'make the folder';

/** What may lie under the name of a file. */
export type FileKind = 'file' | 'folder' | 'pipe' | 'socket' | 'device' | 'broken-link';

const fileKinds: Readonly<Record<FileKind, string>> = {
  file: 'a file',
  folder: 'a folder',
  pipe: 'a named pipe',
  socket: 'a socket',
  device: 'a device',
  'broken-link': 'a link that leads nowhere',
};

/** Why a file must not be replaced by what is written. */
export type ProtectedKind =
  'project' | 'database' | 'image' | 'model' | 'package' | 'own-data' | 'input';

const protectedKinds: Readonly<Record<ProtectedKind, string>> = {
  project: 'named as part of a project',
  database: 'a project or another database',
  image: 'an image',
  model: 'a model file',
  package: 'inside a model package',
  'own-data': 'among the data that this program keeps for itself',
  input: 'what is read here',
};

export type FileReason =
  | 'missing'
  | 'name-too-long'
  | 'impossible-name'
  | 'circle-of-links'
  | 'too-large'
  | 'disk-error'
  | 'not-a-folder'
  | 'is-a-folder'
  | 'exists'
  | 'no-permission'
  | 'read-only'
  | 'disk-full';

const fileReasons: Readonly<Record<FileReason, string>> = {
  missing: 'it does not exist. Check the path',
  'name-too-long': 'the name is too long. Choose a shorter one',
  'impossible-name': 'no file can have this name. Choose another name',
  'circle-of-links': 'its links lead in a circle. Mend the links',
  'too-large': 'it is too large to be read at once. Choose a smaller file',
  'disk-error': 'the disk reports an error. Check the disk',
  'not-a-folder': 'it is not a folder. Choose the folder itself',
  'is-a-folder': 'it is a folder. Choose a file',
  exists: 'it exists already. Choose another name',
  'no-permission': 'permission is missing. Change its permissions',
  'read-only': 'the disk is read-only. Choose another place',
  'disk-full': 'the disk is full. Free some space',
};

/** What is found where a plain file was expected. */
export type PackageFileKind = 'link' | 'folder' | 'file' | 'pipe' | 'socket' | 'device';

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

const packageFileKinds: Readonly<Record<PackageFileKind, string>> = {
  link: 'a link',
  folder: 'a folder',
  file: 'a file, not a folder',
  pipe: 'a pipe',
  socket: 'a socket',
  device: 'a device',
};

/** What to do about a project file that cannot be read or written. */
export type DatabaseAdvice =
  | 'not-a-project'
  | 'open-backup'
  | 'unreadable-part'
  | 'ends-early'
  | 'damaged-disk'
  | 'allow-locking'
  | 'free-space'
  | 'write-refused'
  | 'allow-writing'
  | 'allow-access'
  | 'close-elsewhere'
  | 'allow-folder'
  | 'check-path'
  | 'nothing-changed';

const databaseAdvice: Readonly<Record<DatabaseAdvice, string>> = {
  'not-a-project': 'It is not a project file, or its beginning was overwritten.',
  'open-backup': 'Keep a copy of the file and open a backup.',
  'unreadable-part': 'Part of the file cannot be read from the disk.',
  'ends-early': 'The file ends too early.',
  'damaged-disk': 'The file system of the disk is damaged.',
  'allow-locking':
    'The file cannot be locked. Allow writing to it, or copy the project to a disk of this computer.',
  'free-space': 'Nothing was changed. Free some space and try again.',
  'write-refused':
    'The disk refused the write. Nothing was changed. Free some space and try again.',
  'allow-writing': 'Allow writing to the file and its folder, or copy the project elsewhere.',
  'allow-access': 'Allow reading and writing the file and its folder.',
  'close-elsewhere': 'Another program has the file open. Close it there first.',
  'allow-folder': 'Allow writing to the folder, or choose another one.',
  'check-path': 'Check the path.',
  'nothing-changed': 'Nothing was changed.',
};

interface Size {
  readonly width: number;
  readonly height: number;
}

interface ImageSize extends Size {
  readonly path: string;
}

export const sentences = {
  fileFailed: ({
    action,
    path,
    reason,
  }: {
    action: FileAction;
    path: string;
    reason: FileReason;
  }) => `Cannot ${action} ${path}: ${fileReasons[reason]} and try again.`,
  notPlainFile: ({ path, kind }: { path: string; kind: FileKind }) =>
    `${path} is ${fileKinds[kind]}, but a plain file is needed. Choose a file.`,
  outputProtected: ({ path, kind }: { path: string; kind: ProtectedKind }) =>
    `${path} is ${protectedKinds[kind]}, so nothing was written there. Choose another name.`,
  outputExists: ({ path }: { path: string }) =>
    `${path} exists and was not made by an earlier call for the same thing. Choose another name, or say that it may be ` +
    'overwritten (--overwrite).',
  placeTaken: ({ path }: { path: string }) =>
    `${path} exists already and was left as it is. Choose another name.`,
  folderImpossible: ({ path, parent }: { path: string; parent: string }) =>
    `Cannot make the folder ${path}: no folder can be made in ${parent}. Choose another place.`,
  fileNameImpossible: ({ name }: { name: string }) =>
    `"${name}" cannot be a file name. Choose a name with letters.`,

  settingsUnusable: ({ aside, reason }: { aside: string; reason: string }) =>
    `The settings could not be used and were set back; their file is kept as ${aside}. ${reason}`,

  projectExists: ({ file }: { file: string }) =>
    `There is a project ${file} already. Open it, or choose another name.`,
  projectNotOpen: () => 'No project is open. Open or create a project first.',
  projectFileMissing: ({ file }: { file: string }) => `There is no file ${file}. Check the path.`,
  projectLocked: ({ file, pid, host, sinceMs }: Locked) => {
    const who = pid
      ? `process ${pid} on ${host} since ${new Date(sinceMs ?? 0).toLocaleString()}`
      : 'another program';
    return `${file} is open in ${who}. Close it there, or work in that window.`;
  },
  projectFileInUse: ({ path, file }: { path: string; file: string }) =>
    `${path} belongs to the project ${file}, which is open here. Close the project first, or use a backup of it.`,
  projectGone: ({ file }: { file: string }) =>
    `${file} is no longer there: it was moved, renamed or deleted while it was open here. The change was not saved. ` +
    'Put the file back, or save the project elsewhere.',
  projectReplaced: ({ file }: { file: string }) =>
    `${file} was replaced or changed by something else while it was open here. The change was not saved. ` +
    'Save the project elsewhere, or open it again.',
  projectLogForeign: ({ file, log }: { file: string; log: string }) =>
    `${file} and ${log} beside it do not belong together: the second holds the last edits of another file of that name. ` +
    'Both were left as they are. Put the file back that belongs to the log; or move the log away, then open the file without it.',
  projectNeighbourOdd: ({ file, path }: { file: string; path: string }) =>
    `${path}, which would be written to while ${file} is open, is no plain file. Nothing was written. Remove it, then open ` +
    'the project again.',
  projectLogLeft: ({ file, log }: { file: string; log: string }) =>
    `There is no project ${file}, but ${log} holds the last edits of one that was there. ` +
    'Put that project back to keep them, or move the log away; or choose another name.',
  projectVersionForeign: ({ file, found }: { file: string; found: number }) =>
    `${file} says that it has format ${found}, which no version of this program wrote. The file was left as it is. ${rescueAdvice(file)}`,
  projectSchemaForeign: ({ file, name }: { file: string; name: string }) =>
    `${file} was changed by something else than this program: its ${name} is not ours. It was left as it is, and nothing in ` +
    `it was run. ${rescueAdvice(file)}`,
  projectDamaged: ({ file, reason, backup }: Damaged) =>
    `${file} is damaged: ${reason}. It was left as it is. ` +
    (backup ? `The last backup beside it is ${backup}. ` : '') +
    rescueAdvice(file),
  recordUnreadable: ({ kind, id, column }: Subject & { kind: string; column: string }) =>
    `The ${column} of the ${kind} ${id} cannot be read: the project file is damaged there. Open a backup, or rescue the rest ` +
    'into a new project: pixelsail rescue OLD NEW',
  searchTooLong: ({ found, maximum }: { found: number; maximum: number }) =>
    `The search has ${found} words; at most ${maximum} can be looked for at once. Shorten it.`,
  projectForeign: ({ file }: { file: string }) =>
    `${file} is not a project of this program and was left as it is. Choose a project file.`,
  projectFromFuture: ({ file, found, newest }: { file: string; found: number; newest: number }) =>
    `${file} was written by a newer version of this program (format ${found}; this program knows ` +
    `formats up to ${newest}). The file was left as it is. Update the program to open it.`,
  projectFileFailed: ({ file, reason, advice }: DatabaseFailure) =>
    `${file}: ${reason}. ${databaseAdvice[advice]}`,
  projectFileCorrupt: ({ backup, ...failure }: DatabaseFailure & { backup: string | null }) =>
    `${failure.file}: ${failure.reason}. ${databaseAdvice[failure.advice]} ` +
    (backup ? `The last backup beside it is ${backup}.` : 'There is no backup beside it.'),
  backupExists: ({ file }: { file: string }) =>
    `${file} exists already and was left as it is. Choose another name for the backup.`,
  backupFolderMissing: ({ folder }: { folder: string }) =>
    `There is no folder ${folder}. Make it first.`,
  backupIsOpen: ({ file }: { file: string }) =>
    `${file} is the open project. Nothing needs restoring.`,

  imageGone: ({ id }: { id: string }) =>
    `The project has no image ${id}; it may have been removed.`,
  imageFileMissing: ({ path }: { path: string }) => `There is no image file at ${path}.`,
  imageFileRefused: ({ path }: { path: string }) =>
    `The image file ${path} may not be read. Give yourself read permission and try again.`,
  imageUnreadable: ({ path, reason }: { path: string; reason: string }) =>
    `${path} cannot be read as an image: ${reason}. Expected a whole JPEG, PNG, WebP, TIFF, GIF, AVIF or plain SVG file; ` +
    'open it in an image viewer and save it again.',
  imageTooLarge: ({ path, width, height, maximumSide }: ImageSize & { maximumSide: number }) =>
    `${path} has ${width} x ${height} pixels; sides of at most ${maximumSide} pixels can be opened. Cut it into tiles first.`,
  imageTooManyPixels: ({
    path,
    width,
    height,
    maximumPixels,
  }: ImageSize & { maximumPixels: number }) =>
    `${path} has ${width} x ${height} pixels; at most ${Math.round(maximumPixels / 1e6)} megapixels can be opened. Cut it into tiles first.`,
  imageHeldWhole: ({
    path,
    width,
    height,
    neededBytes,
    maximumBytes,
  }: ImageSize & { neededBytes: number; maximumBytes: number }) =>
    `${path} has ${width} x ${height} pixels in a form that has to be held in memory as a whole (interlaced, progressive, ` +
    `turned or compressed in one piece), which takes about ${megabytes(neededBytes)} MB; at most ${megabytes(maximumBytes)} MB ` +
    'are used. Save it upright as JPEG or PNG without interlacing, or cut it into tiles.',
  imageNeedsMemory: ({ path, width, height, neededBytes, availableBytes }: ImageMemory) =>
    `${path} has ${width} x ${height} pixels, which takes about ${megabytes(neededBytes)} MB to open, but only ` +
    `${megabytes(availableBytes)} MB of memory are free. Close other programs, or cut the image into tiles.`,
  imageEndingUnread: ({ extension }: { extension: string }) =>
    `pictures with the ending ${extension} are not read. Save it as PNG or JPEG.`,
  imageSizeChanged: ({ path, width, height, imported }: ImageSize & { imported: Size }) =>
    `${path} is no longer the photo that was imported: it has ${width} x ${height} pixels instead of ` +
    `${imported.width} x ${imported.height}. Put the photo back, or import the new one under another name.`,
  imageChanged: ({ path }: { path: string }) =>
    `${path} is no longer the photo that was imported: its content has changed. Put the photo back, or see whether its ` +
    'annotations still fit.',
  imagePages: ({ pages }: { pages: number }) =>
    `it holds ${pages} pages or frames, of which only the first is the image. Save the others as files of their own.`,
  imageMoved: ({ from }: { from: string }) =>
    `it is the photo of ${from}, which is no longer there; the image and its annotations go with it.`,
  folderLinked: () =>
    'it is a link to a folder, and links to folders are not followed. Import the folder itself.',
  imageOutsideFolder: ({ path, root }: { path: string; root: string }) =>
    `${path} leads outside the image folder ${root}. Copy the file into the folder.`,

  categoryGone: ({ id }: { id: string }) =>
    `The project has no category ${id}; it may have been removed.`,
  categoryIntoItself: ({ name }: { name: string }) => `"${name}" cannot be merged into itself.`,
  emptyShape: () => 'This shape covers no pixel of the image. Draw it larger.',
  nothingLeft: () => 'Nothing would be left of the region, so it was not changed.',

  modelNotInstalled: ({ id, installed }: { id: string; installed: readonly string[] }) =>
    `No model "${id}" is installed. Installed are: ${installed.join(', ') || 'none'}.`,
  modelNotLoaded: () => 'No model is loaded. Choose a model, then ask again.',
  modelExists: ({ id }: { id: string }) =>
    `A model "${id}" is among yours already. Delete it first, or give the new one another id.`,
  modelShipped: ({ id }: { id: string }) =>
    `"${id}" is the id of a model that came with the application; no other may take its place. Give the package another id.`,
  jobKindUnknown: ({ kind, known }: { kind: string; known: readonly string[] }) =>
    `There is no kind of job "${kind}". Start one of these: ${known.join(', ')}.`,
  jobInputInvalid: ({ kind, problem }: { kind: string; problem: string }) =>
    `The input of a job "${kind}" is not what that kind expects: ${problem}. Correct the input and start the job again.`,
  jobNotInterrupted: ({ id }: { id: string }) =>
    `No job ${id} waits to be resumed; it was resumed or dismissed already.`,
  jobOfOtherProject: ({ project }: { project: string }) =>
    `The job works on the project ${project}. Open that project first, then resume the job.`,
  trainingMissing: ({ folder }: { folder: string }) =>
    `Training needs the Python sources of Pixel-SAIL Studio, and there are none in ${folder}. Run the program from a ` +
    'checkout of its sources.',
  modelStays: ({ id }: { id: string }) =>
    `"${id}" came with the application and goes only with it.`,
  modelInUse: ({ id }: { id: string }) => `"${id}" is loaded. Load another model first.`,
  packageNotFound: ({ directory, path }: { directory: string; path: string }) =>
    `${directory} is not a model package: ${path} cannot be read.`,
  packageFileNotPlain: ({ path, kind }: { path: string; kind: PackageFileKind }) =>
    `${path} is ${packageFileKinds[kind]}; a model package consists of plain files that lie inside their folder. ` +
    'Put a copy of the file in its place, or get the model elsewhere.',
  packageFileTooLarge: ({
    path,
    bytes,
    maximumBytes,
  }: {
    path: string;
    bytes: number;
    maximumBytes: number;
  }) =>
    `${path} has ${bytes} bytes; at most ${maximumBytes} are read of such a file. Get the model elsewhere.`,
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
  modelPointsTooMany: ({ id, found, most }: { id: string; found: number; most: number }) =>
    `The model ${id} takes at most ${most} points at once, a box counting as two; ${found} were given. Remove some.`,
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
  packageFileUnlisted: ({ path, file }: { path: string; file: string }) =>
    `${path} takes weights from "${file}", which the manifest does not list with its hash. Get the model elsewhere.`,
  packageGraphUnreadable: ({ path, reason }: { path: string; reason: string }) =>
    `${path} is no graph that can be checked: ${reason}. Get the model elsewhere.`,
  packageFileMissing: ({ id, path }: { id: string; path: string }) =>
    `The package ${id} lacks the file ${path}. Install it again.`,
  packageFileSize: ({ path, expected, found }: { path: string; expected: number; found: number }) =>
    `${path} has the wrong size: expected ${expected} bytes, found ${found}. Install the package again.`,
  packageFileContent: ({
    path,
    expected,
    found,
  }: {
    path: string;
    expected: string;
    found: string;
  }) =>
    `${path} has the wrong content: expected sha256 ${expected}, found ${found}. Install the package again.`,
  checkpointFileOutside: ({ path }: { path: string }) =>
    `${path} leads out of the checkpoint's folder. Put the file itself into the folder.`,
  checkpointFileNotPlain: ({ path }: { path: string }) =>
    `${path} is no plain file. Put the file itself into the checkpoint's folder.`,
  checkpointFileMissing: ({ path }: { path: string }) =>
    `${path} cannot be read: a checkpoint needs this file.`,

  checkpointWithout: ({ directory, file }: { directory: string; file: string }) =>
    `${directory} has no ${file}, which a checkpoint needs.`,
  checkpointTruncated: ({ path, expected, found, tensor }: TruncatedCheckpoint) =>
    `${path} is truncated: expected at least ${expected} bytes` +
    `${tensor === null ? '' : ` for the tensor ${tensor}`}, found ${found}. Copy or download it again.`,
  tensorMissing: ({ tensor, shape, layers, hiddenSize, mayBeTied }: MissingTensor) =>
    `The checkpoint lacks the tensor ${tensor} of shape [${shape.join(', ')}], which a network of ` +
    `${layers} layers and hidden size ${hiddenSize} needs.` +
    (mayBeTied ? ' If it shares the embedding table, set tie_word_embeddings in config.json.' : ''),
  tensorShape: ({ tensor, expected, found, vocabulary }: MisshapenTensor) =>
    `The tensor ${tensor} has the wrong shape: expected [${expected.join(', ')}] by config.json, ` +
    `found [${found.join(', ')}].` +
    (vocabulary === null ? '' : ` vocab_size in config.json is ${vocabulary}.`),
  tensorsUnplaced: ({ count, first }: { count: number; first: readonly string[] }) =>
    `The checkpoint holds ${count} tensors that config.json has no place for: ${first.join(', ')}. ` +
    'Correct the sizes in config.json, or remove them from the checkpoint.',
  tensorType: ({ tensor, type }: { tensor: string; type: string }) =>
    `The tensor ${tensor} is stored as ${type}; expected F32, F16 or BF16. Save the checkpoint in one of these.`,
  tensorNotFinite: ({
    tensor,
    value,
    element,
  }: {
    tensor: string;
    value: string;
    element: number;
  }) =>
    `The tensor ${tensor} holds ${value} at element ${element}; expected finite numbers. ` +
    'The checkpoint is damaged or its training diverged.',
  tensorTooLarge: ({ tensor, value }: { tensor: string; value: number }) =>
    `The tensor ${tensor} holds ${value}, which float16 cannot store. Convert with precision fp32.`,

  engineRestarting: ({ how }: { how: string }) =>
    `The engine stopped (${how}) and is being restarted. Your work is safe; ask again, the next prompt works.`,
  engineLostBy: ({ what, how }: { what: string; how: string }) =>
    `The engine stopped twice (${how}) over the same prompt: ${what}. Your work is safe and the engine is restarted; ask ` +
    'something else, or load another model.',
  engineDied: ({ times, how }: { times: number; how: string }) =>
    `The engine died ${times} times in a row (${how}). Load the model again, perhaps on another device.`,
  engineStopped: () => 'The engine was stopped.',
  backendLost: () =>
    'The application stopped before it answered. Saved work is kept; repeat the last action when it is back.',
  backendDied: ({ times, how }: { times: number; how: string }) =>
    `The application's background process died ${times} times in a row (${how}). Saved work is kept. Quit and start again.`,

  requestCancelled: () => 'The request was cancelled.',
  imagesKept: ({ imported, total }: { imported: number; total: number }) =>
    `${imported} of ${total} images were imported before the cancel.`,
  annotationsKept: ({ imported }: { imported: number }) =>
    `${imported} annotations were imported before the cancel. Undo takes them back.`,
  nothingChanged: () => 'Nothing was changed.',
  nothingWritten: () => 'Nothing was written.',
  modelNotKept: () => 'Nothing of the model was kept.',

  polygonTooFar: ({ furthest, found }: { furthest: number; found: number }) =>
    `A polygon coordinate must be a number of pixels within ${furthest} of the image, found ${found}.`,
  maskRunsSum: ({ width, height, expected, sum }: Omit<ImageSize, 'path'> & RunsSum) =>
    `The runs of a ${width} x ${height} pixel mask must sum to ${expected} pixels, but they sum to ${sum}; ` +
    'the mask is truncated or its size is not the one it was made with.',
  maskStringWrong: ({ width, height, isCutOff, character, length }: WrongMaskString) =>
    `The RLE string of a ${width} x ${height} pixel mask ` +
    `${isCutOff ? 'ends in the middle of a number' : 'is not valid'} at character ${character} of ${length}; ` +
    'expected COCO compressed RLE. Export the mask again from the tool that wrote it.',
  maskRunWrong: ({ index, found }: { index: number; found: number }) =>
    `Run ${index} of an uncompressed RLE must be a whole number of pixels, found ${found}.`,

  checkDamage: ({ reason }: { reason: string }) => reason,
  checkReference: ({ table, row, parent }: { table: string; row: number; parent: string }) =>
    `${table} ${row} refers to a missing ${parent}.`,
  checkAnnotationCount: ({ id }: Subject) => `Image ${id} has a wrong annotation count.`,
  checkImageCounts: ({ id }: Subject) =>
    `Image ${id} has a wrong count of items, or of annotations with outlines.`,
  checkCategoryCount: ({ id }: Subject) =>
    id === ''
      ? 'The kept count of annotations without a category is wrong.'
      : `The kept count of annotations of category ${id} is wrong.`,
  checkAreaCount: ({ id }: Subject) =>
    `The kept count of annotations with an area of 2 to the power of ${id} is wrong.`,
  checkStateChanges: ({ id }: Subject) =>
    `Step ${id} of the journal tells wrongly how the states of images changed.`,
  checkBox: ({ id }: Subject) => `Annotation ${id} has a wrong box in the spatial index.`,
  checkBoxAlone: ({ id }: Subject) => `The spatial index has a box ${id} without an annotation.`,
  checkImageWords: ({ id }: Subject) => `The text index has wrong words for image ${id}.`,
  checkItemWords: ({ id }: Subject) => `The text index has wrong words for item ${id}.`,
  checkItemSegments: ({ id }: Subject) =>
    `The index of regions by item does not have the segments of item ${id}.`,
  checkStepOrder: ({ id }: Subject) =>
    `Step ${id} of the journal is done although an earlier one is undone.`,
  checkJournal: ({ kind, id }: Subject & { kind: RecordKind }) =>
    `The journal does not lead to the present ${kind} ${id}.`,
  checkRecordMissing: ({ id }: Subject) =>
    `Record ${id} of the journal is missing from the tables.`,

  changesRefused: ({ count }: { count: number }) =>
    `${count} of your changes ${count === 1 ? 'was' : 'were'} refused, because the records had been changed elsewhere. Decide at the ` +
    'top of the window what becomes of them first.',
  undoAcrossOthers: ({ label }: { label: StepLabel }) =>
    `“${stepText(stepTexts, label)}” cannot be taken back or done again: another window has changed the same records since. Nothing was changed. ` +
    'Undo it there first, or change the records by hand.',
  travelAcrossOthers: () =>
    'On the way to that step are steps of another window that is open. Nothing was changed. Close that window first, or undo ' +
    'your own steps one by one.',
  promptOutsideImage: ({ kind, where, width, height }: MisplacedPrompt) =>
    `The ${kind} prompt${where} covers no pixel of the image, which is ${width} x ${height} pixels ` +
    'with (0, 0) at the top left. Place it inside the image.',
  promptNothing: () =>
    'A request for masks needs a point, a box or another mark that says what to segment; it has none.',
  promptMaskSize: ({ width, height, found }: { width: number; height: number; found: string }) =>
    `A mask prompt must have the image's size, ${width} x ${height} pixels, but it has ${found}.`,
  promptOnlyNegative: () =>
    'A region needs a mark that says what it is, but all of its marks say what it is not. Add a point, box or stroke on the object.',
  promptTextBlank: () => 'The text that says what to segment is blank. Name something.',
  promptTextTooLong: ({ unit, found, most }: LongText) =>
    `The text, with its choices, is ${found} ${unit} long; the model reads ${most} at most. ` +
    (unit === 'tokens' ? 'A token is a short piece of a word. Shorten it.' : 'Shorten it.'),
};

function rescueAdvice(file: string): string {
  return `To bring what can be read of it into a new project: pixelsail rescue "${file}" NEW.pixelsail`;
}

/** A text that a model cannot read, and how long it may be. */
interface LongText {
  readonly unit: 'characters' | 'tokens';
  readonly found: number;
  readonly most: number;
}

/** What a check of the project file is about. */
interface Subject {
  readonly id: string;
}

interface TruncatedCheckpoint {
  readonly path: string;
  /** In bytes, as `found`. */
  readonly expected: number;
  readonly found: number;
  /** The tensor that needs them; null for the file's header. */
  readonly tensor: string | null;
}

interface MissingTensor {
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly layers: number;
  readonly hiddenSize: number;
  /** It may be absent where it shares the embedding table. */
  readonly mayBeTied: boolean;
}

interface MisshapenTensor {
  readonly tensor: string;
  readonly expected: readonly number[];
  readonly found: readonly number[];
  /** The size of the vocabulary, where the shape depends on it. */
  readonly vocabulary: number | null;
}

interface WrongMaskString extends Omit<ImageSize, 'path'> {
  readonly isCutOff: boolean;
  readonly character: number;
  readonly length: number;
}

interface RunsSum {
  readonly expected: number;
  readonly sum: number;
}

interface Damaged {
  readonly file: string;
  /** In the words of SQLite. */
  readonly reason: string;
  readonly backup: string | null;
}

interface Locked {
  readonly file: string;
  /** Who holds the file, where a note beside it tells. */
  readonly pid?: number;
  readonly host?: string;
  readonly sinceMs?: number;
}

interface DatabaseFailure {
  readonly file: string;
  /** In the words of SQLite or the file system. */
  readonly reason: string;
  readonly advice: DatabaseAdvice;
}

interface ImageMemory extends ImageSize {
  readonly neededBytes: number;
  readonly availableBytes: number;
}

interface MisplacedPrompt extends Omit<ImageSize, 'path'> {
  readonly kind: string;
  /** Which of several regions it belongs to, with a space before it; else empty. */
  readonly where: string;
}

/** Megabytes, rounded up. */
function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

/** What every language must be able to say. */
export type Sentences = typeof sentences;
export type SentenceName = keyof Sentences;
/** What a sentence is made from. */
export type PartsOf<Name extends SentenceName> =
  Parameters<Sentences[Name]> extends [infer Parts extends object]
    ? Parts
    : Readonly<Record<string, never>>;

/** A sentence of a dictionary, made from its parts. */
export function say<Name extends SentenceName>(
  dictionary: Sentences,
  name: Name,
  parts: PartsOf<Name>,
): string {
  return (dictionary[name] as (parts: PartsOf<Name>) => string)(parts);
}
