import type { Cloud } from '../cloud.ts';

/** The first signal stops the cloud, which leaves what runs to the next start; a second one does not wait for it. */
export function stopOnSignals(cloud: Pick<Cloud, 'stop'>): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) process.exit(130);
    isStopping = true;
    console.error('\nStopping …');
    await cloud.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}
