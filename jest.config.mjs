import { availableParallelism } from 'node:os';

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
  // One more than there are cores: some wait, for a query or for hours to go by, while others compute.
  maxWorkers: availableParallelism() + 1,
};
