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
    onlyFrom('onnxruntime', 'onnxruntime-node', 'models/onnx/'),
    onlyFrom('better-sqlite3', 'better-sqlite3', 'db/'),
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
