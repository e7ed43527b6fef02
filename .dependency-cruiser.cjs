// Imports run one way, along the path of a record (wire/ -> story/ -> record/ -> logger/, audit/ -> stream/ ->
// subscription/ -> monitor/): each folder of the line imports only what is listed here, and a folder that is not listed cannot be
// imported or import anything, so that a new one is placed on purpose. `null`: hangs off the line, may import it.
const FOLDERS = {
  wire: [],
  options: ['wire'],
  story: ['wire', 'options'],
  record: ['story', 'wire', 'options'],
  logger: ['record', 'wire', 'options'],
  audit: ['logger', 'record', 'story', 'wire', 'options'],
  stream: ['record', 'logger', 'story', 'wire', 'options'],
  subscription: ['stream', 'record', 'wire', 'options'],
  monitor: ['subscription', 'stream', 'record', 'wire', 'options'],
  client: ['wire'],
  alerts: null,
  trail: null,
  cli: null,
  requests: null,
  dashboard: null,
  metrics: null,
  testing: null,
};

// The rooms of the large folders, and what each imports of the same folder. Files in the folder itself wire its rooms
// up; `.` names them where a room may import those, too.
const ROOMS = {
  audit: {
    describe: ['.'],
    deliver: ['describe', '.'],
    call: ['deliver', 'describe', '.'],
    nest: ['call', 'deliver', 'describe', '.'],
    decorate: ['nest', 'call', 'deliver', 'describe', '.'],
  },
  monitor: {
    access: ['.'],
    protocol: ['access', '.'],
    session: ['protocol', 'access', '.'],
    socket: ['session', 'protocol', 'access', '.'],
    http: ['session', 'protocol', 'access', '.'],
  },
  // The files in the folder itself choose a store: no store may need another, nor what wires them up.
  trail: {
    evidence: [],
    store: ['evidence'],
    sqlite: ['store', 'evidence'],
    postgres: ['store', 'evidence'],
  },
};

const any = (names) => `(?:${names.join('|')})`;
const ANY_FOLDER = any(Object.keys(FOLDERS));

const line = Object.entries(FOLDERS)
  .filter(([, upstream]) => upstream)
  .map(([folder, upstream]) => ({
    name: `one-way-${folder}`,
    comment: `src/${folder} imports ${upstream.length ? `only ${upstream.join(', ')}` : 'nothing'} of src, beside itself`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    // Also the files in src itself: they wire the folders up, so no folder of the line may need them.
    to: { path: '^src/', pathNot: `^src/${any([folder, ...upstream])}/` },
  }));

const rooms = Object.entries(ROOMS).flatMap(([folder, itsRooms]) =>
  Object.entries(itsRooms).map(([room, upstream]) => ({
    name: `one-way-${folder}-${room}`,
    comment: `src/${folder}/${room} imports only ${upstream.join(', ')} of src/${folder}, beside itself`,
    severity: 'error',
    from: { path: `^src/${folder}/${room}/` },
    to: {
      path: `^src/${folder}/`,
      pathNot: [room, ...upstream].map((name) => `^src/${folder}/${name === '.' ? '[^/]+$' : `${name}/`}`),
    },
  })),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...line,
    ...rooms,
    {
      name: 'records-come-through-the-port',
      comment:
        'who hands records on knows where they come from by src/stream/record-source.ts alone, and what an audit keeper ' +
        'answers: what needs the class LogStream or its ring could not be given the records of other processes',
      severity: 'error',
      from: { path: '^src/(?:subscription|monitor)/', pathNot: '^src/monitor/monitor\\.gateway\\.ts$' },
      to: { path: '^src/stream/', pathNot: '^src/stream/(?:record-source|audit-keeper)\\.ts$' },
    },
    {
      name: 'gateway-is-given-the-stream',
      comment:
        'Nest injects by class, so the gateway names the one of the port; of the rest of src/stream it knows no more than ' +
        'what it hands it to',
      severity: 'error',
      from: { path: '^src/monitor/monitor\\.gateway\\.ts$' },
      to: { path: '^src/stream/', pathNot: '^src/stream/(?:record-source|log-stream)\\.ts$' },
    },
    {
      name: 'folder-has-no-place',
      comment:
        'a folder of src has no place on or beside the line yet: give it one in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: `^src/(?!${ANY_FOLDER}/)[^/]+/` },
      to: {},
    },
    {
      name: 'folder-has-no-place-imported',
      comment:
        'a folder of src has no place on or beside the line yet: give it one in .dependency-cruiser.cjs',
      severity: 'error',
      from: {},
      to: { path: `^src/(?!${ANY_FOLDER}/)[^/]+/` },
    },
    {
      name: 'no-circular',
      comment:
        'two files that name each other can only be read, moved and tested together: types count as well, so that the ' +
        'rooms stay rooms. Let the lower one declare the interface that it needs.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-deep-nest-import',
      comment:
        'only the root of a Nest package is public: everything else (`/internal`, `/interfaces`, ...) moves in minor releases',
      severity: 'error',
      from: {},
      to: {
        path: '(?:^|/)@nestjs/[^/]+/',
        // Where the roots lead: `main` is index.js everywhere, in dist or not.
        pathNot: '(?:^|/)@nestjs/[^/]+/(?:dist/)?index\\.(?:js|d\\.ts)$',
      },
    },
    {
      name: 'src-only-peers',
      comment:
        'a user has only what package.json names as peer (or dependency): a devDependency is missing there',
      severity: 'error',
      // What the page of the dashboard needs is bundled into it: see the rules below.
      from: { path: '^src/', pathNot: '^src/dashboard/page/' },
      to: {
        // Each peer is a devDependency too: what counts is that it is not one only.
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'core', 'local', 'aliased'],
        // Bundled: see rolldown.config.mjs.
        pathNot: '(?:^|/)node_modules/canonicalize/',
      },
    },
    {
      name: 'page-bundles-these-only',
      comment:
        'the page of the dashboard is one small file for the browser: a further library is added here on purpose',
      severity: 'error',
      from: { path: '^src/dashboard/page/', pathNot: '/(?:vite\\.config|development|packed)\\.ts$' },
      to: {
        dependencyTypesNot: ['local'],
        pathNot: '(?:^|/)node_modules/(?:preact|@preact/signals(?:-core)?|@tanstack/virtual-core)/',
      },
    },
    {
      name: 'page-talks-through-the-client',
      comment:
        'the page is a client like others: what it knows of the server it knows from src/client and src/wire, and that is tested',
      severity: 'error',
      from: { path: '^src/dashboard/page/', pathNot: '/(?:vite\\.config|development|packed)\\.ts$' },
      to: { dependencyTypes: ['local'], pathNot: '^src/(?:dashboard/page/|wire/|client/index\\.ts$)' },
    },
    {
      name: 'page-model-knows-no-browser',
      comment: 'the model of the page is plain TypeScript, tested without a browser and without a library',
      severity: 'error',
      from: { path: '^src/dashboard/page/model/' },
      to: { pathNot: '^src/(?:dashboard/page/model|wire)/' },
    },
    {
      name: 'page-is-built-not-imported',
      comment: 'code of the page runs in browsers: the server serves what Vite made of it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/dashboard/page/' },
      to: { path: '^src/dashboard/page/' },
    },
    {
      name: 'src-not-to-outside',
      comment: 'nothing beside src is packed and compiled: no test, sample or script code in it',
      severity: 'error',
      from: { path: '^src/', pathNot: '/(?:vite\\.config|development|packed)\\.ts$' },
      to: { dependencyTypes: ['local'], pathNot: '^src/' },
    },
    {
      name: 'sample-app-as-a-user',
      comment:
        'the sample app uses the package as a user would, by its name: no path leads out of sample-app',
      severity: 'error',
      from: { path: '^sample-app/' },
      to: { dependencyTypes: ['local'], pathNot: '^sample-app/' },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'no such module',
      severity: 'error',
      from: {},
      // The package itself resolves to dist, which need not be built when this runs; so do programs that need it built.
      to: { couldNotResolve: true, pathNot: ['^nestjs-log-stream(?:/|$)', '^(?:\\.\\./)+dist(?:-test)?/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist'] },
    // An app of its own, with other dependencies.
    exclude: { path: '^test/package/nest-11/' },
    // Types count as well: an import that is erased still ties one folder to another.
    tsPreCompilationDeps: 'specify',
    // No tsConfig on purpose: its `paths` would turn 'nestjs-log-stream' into ../src and hide the difference.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
