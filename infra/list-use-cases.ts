import { readdir } from 'node:fs/promises';
import type { UseCase } from '../use-cases/define-use-case.ts';

const folder = new URL('../use-cases/', import.meta.url);

/**
 * Reads every use case of the repository: each file in `use-cases/` whose default export is one, by id.
 *
 * @throws {Error} when a file's name is not its use case's id
 */
export async function listUseCases(): Promise<UseCase[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.ts')).sort();
  const useCases: UseCase[] = [];
  for (const file of files) {
    const { default: useCase } = (await import(new URL(file, folder).href)) as { default?: UseCase };
    if (!useCase) continue;
    if (file !== `${useCase.id}.ts`)
      throw new Error(`use-cases/${file} defines "${useCase.id}", expected it in ${useCase.id}.ts`);
    useCases.push(useCase);
  }
  return useCases;
}
