/** The house's rooms: an import may only go down this list (see README, Architecture). */
const rooms = ['renderer', 'electron', 'cli', 'app', 'models', 'db', 'core'];

const mayImport = {
  renderer: ['core', 'app/api'],
  electron: ['app', 'core'],
  cli: ['app', 'models', 'db', 'core'],
  app: ['models', 'db', 'core'],
  models: ['core'],
  db: ['core'],
  core: [],
};

const roomRules = rooms.map((room) => ({
  name: `room-${room}`,
  severity: 'error',
  comment: `${room}/ may import only ${[room, ...mayImport[room]].join(', ')}`,
  from: { path: `^${room}/` },
  to: {
    path: `^(${rooms.join('|')}|tests|build)/`,
    pathNot: [room, ...mayImport[room]].map((allowed) => `^${allowed}/`),
  },
}));

/**
 * The rooms inside `renderer/`, from the window's parts down to its words. What lies beside the folders (App, studio, commands)
 * puts them together, and only views know it.
 */
const rendererMayImport = {
  views: ['panels', 'canvas', 'editor', 'ui', 'keys', 'i18n', '[^/]+$'],
  panels: ['canvas', 'editor', 'ui', 'keys', 'i18n', '[^/]+$'],
  dialogs: ['editor', 'ui', 'keys', 'i18n', '[^/]+$'],
  canvas: ['editor', 'keys'],
  editor: ['i18n'],
  ui: ['keys', 'i18n', 'panes\\.ts$'],
  keys: ['i18n', 'command-id\\.ts$'],
  i18n: [],
};

const rendererRules = Object.entries(rendererMayImport).map(([room, allowed]) => ({
  name: `room-renderer-${room}`,
  severity: 'error',
  comment: `renderer/${room}/ may import of renderer/ only ${[room, ...allowed].join(', ')}`,
  from: { path: `^renderer/${room}/` },
  to: {
    path: '^renderer/',
    pathNot: [`${room}/`, ...allowed.map(inRenderer)].map((path) => `^renderer/${path}`),
  },
}));

function inRenderer(allowed) {
  return allowed.endsWith('$') ? allowed : `${allowed}/`;
}

/** The rooms inside models/, in the same way; files beside them (family.ts, registry.ts, …) may import all of these. */
const modelRooms = {
  onnx: [],
  image: [],
  package: ['onnx'],
  answer: ['image'],
  families: ['onnx', 'image', 'package', 'answer'],
  evaluation: ['image'],
};
/** What every model room may know: model and family, and how a file is read and a work stopped. */
const modelBasics =
  '^models/(model|family|family-model|plain-file|cancellation|sentences|ask-model)\\.ts$';

const modelRoomRules = Object.entries(modelRooms).map(([room, others]) => ({
  name: `room-models-${room}`,
  severity: 'error',
  comment: `models/${room}/ may import only ${['core', room, ...others].join(', ')}`,
  from: { path: `^models/${room}/` },
  to: {
    path: '^models/',
    pathNot: [modelBasics, ...[room, ...others].map((allowed) => `^models/${allowed}/`)],
  },
}));

/** Families know nothing of each other. */
const familiesApart = {
  name: 'families-apart',
  severity: 'error',
  comment: 'a model family imports no other family',
  from: { path: '^models/families/([^/]+)/' },
  to: { path: '^models/families/', pathNot: '^models/families/$1/' },
};

const onlyFrom = (name, dependency, allowed) => ({
  name: `only-${name}`,
  severity: 'error',
  comment: `${dependency} is imported in ${allowed} only`,
  from: { pathNot: [`^${allowed}`, '^tests/', '^build/'] },
  to: { path: `node_modules/${dependency}/` },
});

module.exports = {
  forbidden: [
    ...roomRules,
    ...rendererRules,
    ...modelRoomRules,
    familiesApart,
    onlyFrom('onnxruntime', 'onnxruntime-node', 'models/onnx/'),
    onlyFrom('better-sqlite3', 'better-sqlite3', 'db/'),
    onlyFrom('bullmq', 'bullmq', 'app/remote/'),
    onlyFrom('ioredis', 'ioredis', 'app/remote/'),
    onlyFrom('pino', 'pino', 'app/log'),
    onlyFrom('konva', 'konva', 'renderer/canvas/'),
    onlyFrom('electron', 'electron', 'electron/'),
    {
      name: 'renderer-without-node',
      severity: 'error',
      comment: 'renderer/ and core/ run in a browser',
      from: { path: '^(renderer|core)/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.svelte', '.json'] },
  },
};
