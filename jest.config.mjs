/** ES modules as they ship: TypeScript is transformed by swc, checked by tsc, and run by Node's own module loader. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testSequencer: '<rootDir>/test/journeys-first.mjs',
  randomize: true,
  testTimeout: 60_000,
  // Jest leaves one core to whoever watches; nobody does.
  maxWorkers: '100%',
};
