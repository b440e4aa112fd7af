import { enableCompileCache } from 'node:module';

/**
 * Keeps compiled code from one run to the next, that of this process, of its threads and of its children: in the folder for temporary files,
 * or where NODE_COMPILE_CACHE says. Only what is imported after it gains by it.
 */
export function keepCompiledCode(): void {
  const { directory } = enableCompileCache();
  // Children and threads read the variable. A folder that cannot be written is no reason not to start.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
}
