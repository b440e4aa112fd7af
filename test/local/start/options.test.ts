import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStartOptions, UsageError } from '../../../local/start/options.ts';

const thisFile = fileURLToPath(import.meta.url);

test('without arguments, bank marketing is served on the usual ports from .perennial', () => {
  expect(readStartOptions([])).toMatchObject({
    useCase: 'bank-marketing',
    data: undefined,
    fresh: false,
    once: false,
    apiPort: 3000,
    awsPort: 4566,
    stateFolder: expect.stringMatching(/[\\/]\.perennial$/),
  });
});

test('every option is read', () => {
  const args = [
    '--data',
    thisFile,
    '--fresh',
    '--once',
    '--port',
    '0',
    '--aws-port=8000',
    '--use-case',
    'churn',
    '--state',
    '/x',
  ];
  expect(readStartOptions(args)).toMatchObject({
    data: thisFile,
    fresh: true,
    once: true,
    apiPort: 0,
    awsPort: 8000,
    useCase: 'churn',
    stateFolder: '/x',
  });
});

test('the demo has a folder of its own, and forgets it', () => {
  expect(readStartOptions(['--demo'])).toMatchObject({
    demo: true,
    fresh: true,
    stateFolder: expect.stringMatching(/[\\/]\.perennial-demo$/),
  });
  expect(readStartOptions(['--demo', '--state', '/x'])).toMatchObject({ stateFolder: '/x' });
});

test('asking for help gives no options', () => {
  expect(readStartOptions(['--help', '--port', 'x'])).toBeUndefined();
});

test.each([
  [['--prot', '1'], /--prot/],
  [['--port', '65536'], /--port is "65536", expected 0 to 65535/],
  [['--port', 'three'], /--port is "three"/],
  [['--data', '/no/such/file.csv'], /--data: no file "\/no\/such\/file.csv"/],
  [['--data'], /--data/],
  [['--data', thisFile, '--use-case', 'all'], /--data: a file has the rows of one use case/],
  [['--demo', '--use-case', 'telco-churn'], /--demo: it tells of bank-marketing/],
  [['--demo', '--data', thisFile], /--demo/],
  [['--data', dirname(thisFile)], /--data: ".+" is no file/],
  [['extra'], /extra/],
])('%j is refused, saying why', (args, message) => {
  expect(() => readStartOptions(args)).toThrow(UsageError);
  expect(() => readStartOptions(args)).toThrow(message);
});
