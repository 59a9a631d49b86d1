// Who may import whom in client/src. The same layout and rules as on the server.

/** A part imports only these of ours; packages are judged by a rule of their own. */
function only(part, allowed) {
  return {
    name: `${part}-imports`,
    comment: `${part} imports only ${[part, ...allowed].join(', ')}`,
    severity: 'error',
    from: { path: `^src/${part}/`, pathNot: '[.]test[.]ts$' },
    to: {
      path: '^src/',
      pathNot: [part, ...allowed].map((name) => `^src/${name}/`),
    },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'what is imported exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(svelte|virtual:)' },
    },
    {
      name: 'core-packages',
      comment: 'core is pure: of packages it imports @noble/hashes and @noble/curves alone',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypesNot: ['local'], pathNot: 'node_modules/@noble/(hashes|curves)/' },
    },
    only('core', []),
    only('wire', ['core']),
    only('sync', ['core', 'wire']),
    only('i18n', []),
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]test[.]ts$' },
      to: { path: '([.]test[.]ts$|^tests/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'browser', 'types', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.json'],
    },
  },
};
