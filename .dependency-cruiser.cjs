/** The arrows of the house: who may import whom. See docs/architecture.md. */
const services =
  'emulation|forges|hardware|history|incidents|insights|logs|neighbour|quitting|readiness|runners|settings|workflows';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'no-circles',
      'Two modules that need each other are one module.',
      {},
      { circular: true, dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'shared-stands-alone',
      'The contract imports nothing of ours.',
      { path: '^shared/' },
      { path: '^(electron|renderer|e2e|scripts)/' },
    ),
    rule(
      'renderer-sees-shared-only',
      'The renderer speaks the contract, never the engine.',
      { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      { path: '^(electron|e2e|scripts)/' },
    ),
    rule(
      'engine-knows-no-renderer',
      'The engine does not know who looks at it.',
      { path: '^electron/' },
      { path: '^(renderer|e2e)/' },
    ),
    rule(
      'electron-in-the-shell-only',
      'Only the shell and main.ts touch Electron.',
      { path: '^electron/', pathNot: '^electron/(shell/|main\\.ts)' },
      { path: 'node_modules/electron/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'services-know-no-doors',
      'Services are wired by the engine and know no door.',
      { path: `^electron/(${services}|platform|demo)/` },
      { path: '^electron/(doors|shell|panel-server|engine\\.ts|main\\.ts|serve\\.ts|start\\.ts)' },
    ),
    rule(
      'platform-stands-low',
      'The platform knows no service.',
      { path: '^electron/platform/' },
      { path: `^electron/(${services}|demo)/` },
    ),
    rule(
      'demo-knows-no-service',
      'The demo GitHub is on the other side of the wire.',
      { path: '^electron/demo/', pathNot: '\\.test\\.ts$' },
      { path: `^electron/(${services})/` },
    ),
    rule(
      'forges-behind-their-interface',
      'Services speak to a forge through its interface.',
      { path: '^electron/(logs|runners|workflows|insights|readiness)/', pathNot: '\\.test\\.ts$' },
      { path: '^electron/forges/(github|gitlab|gitea)/' },
    ),
    rule(
      'no-orphans',
      'A file that nothing imports is dead.',
      { orphan: true, pathNot: '(\\.d\\.ts|\\.config\\.(ts|js)|\\.test\\.tsx?)$' },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|docs|resources)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
