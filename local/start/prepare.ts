import { join } from 'node:path';
import type { Progress } from '../../cli/progress.ts';
import { holdStateFolder } from '../state-folder.ts';
import type { StartOptions } from './options.ts';
import { forgetState, settle } from './settings.ts';
import { synthesize } from './synthesize.ts';

/** Makes the state folder ready for a cloud, and the assembly that it shall run. No other cloud may use the folder meanwhile. */
export async function prepare(options: StartOptions, progress: Progress): Promise<{ demo: boolean; assembly: string }> {
  const { stateFolder, fresh } = options;
  const giveBack = holdStateFolder(stateFolder);
  try {
    if (fresh) await forgetState(stateFolder);
    const { demo } = await settle(stateFolder, options);
    const output = join(stateFolder, 'cdk.out');
    return {
      demo,
      assembly: options.assembly ?? (await progress.stage('Synthesize', () => synthesize(output, { demo }))),
    };
  } finally {
    giveBack();
  }
}
