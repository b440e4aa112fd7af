import { Command, Option } from 'commander';
import { type Instance, type Prediction, predictLimits, type UseCaseResponse } from '../contracts/http.ts';
import { keyOption, readAccessKey } from './access-key.ts';
import { type Answer, answering, examples, type GlobalOptions } from './command.ts';
import type { Deployment } from './deployment.ts';
import { connectEndpoint, type EndpointClient } from './endpoint-client.ts';
import { readWhole } from './local-files.ts';
import { readJsonObject } from './read-option.ts';
import { table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** Thrown when a command line asks for no prediction, or for none that can be made. */
export class NoInstanceError extends Error {
  override readonly name = 'NoInstanceError';
}

interface PredictOptions {
  readonly data?: Instance;
  readonly file?: string;
  readonly example?: true;
  readonly key?: string;
}

/** `perennial predict`: scores rows through the HTTP endpoint. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('Scores one row, or a file of rows, through the HTTP endpoint.')
    .argument('<useCase>', 'id of the use case')
    .addOption(
      new Option('--data <json>', 'one instance, features by name')
        .argParser(readInstance)
        .conflicts(['file', 'example']),
    )
    .addOption(new Option('--file <path>', 'NDJSON file with one instance a line').conflicts('example'))
    .option('--example', "the use case's own example")
    .addOption(keyOption())
    .addHelpText(
      'after',
      `
Without --key, the development key of the embedded cloud is used.
${examples(
  'predict bank-marketing --example',
  `predict bank-marketing --data '{"age":41,"job":"technician"}'`,
  'predict bank-marketing --file clients.ndjson --json',
)}`,
    )
    .action(answering(predict));
}

async function predict(
  { endpoint, useCases }: Deployment,
  options: PredictOptions & GlobalOptions,
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const client = connectEndpoint(endpoint, await readAccessKey(options));
  const instances = await readInstances(client, options, useCase);
  const predictions: Prediction[] = [];
  for (let start = 0; start < instances.length; start += predictLimits.instances) {
    predictions.push(...(await client.predict(useCase, instances.slice(start, start + predictLimits.instances))));
  }
  return { data: { predictions }, text: describe(predictions) };
}

async function readInstances(
  client: EndpointClient,
  { data, file, example }: PredictOptions,
  useCase: string,
): Promise<Instance[]> {
  if (data) return [data];
  if (example) return [(await client.get<UseCaseResponse>(`/use-cases/${useCase}`)).example];
  if (file === undefined) throw new NoInstanceError('Nothing to score: give --data, --file or --example');
  const lines = new TextDecoder().decode(await readWhole(file)).split('\n');
  const instances = lines.flatMap((line, index) => (line.trim() ? [readLine(line, file, index + 1)] : []));
  if (instances.length === 0) throw new NoInstanceError(`Nothing to score: "${file}" is empty`);
  return instances;
}

function readInstance(text: string): Instance {
  return readJsonObject(text, 'the features by name') as Instance;
}

function readLine(line: string, file: string, number: number): Instance {
  try {
    return readInstance(line);
  } catch (error) {
    throw new NoInstanceError(`${file}:${number}: ${(error as Error).message}`, { cause: error });
  }
}

function describe(predictions: readonly Prediction[]): string {
  return table(
    ['probability', 'decision', 'threshold', 'version', 'variant', 'prediction id', 'remarks'],
    predictions.map(({ probability, decision, threshold, version, variant, predictionId, imputed, unseen }) => [
      probability.toFixed(4),
      decision ? 'yes' : 'no',
      threshold.toFixed(4),
      version,
      variant,
      predictionId,
      [...imputed.map(name => `${name} imputed`), ...unseen.map(name => `${name} unseen`)].join(', '),
    ]),
  );
}
