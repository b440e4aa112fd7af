// Runs before every npm script, on the machine's own Node: installs what package-lock.json names and node_modules lacks.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 20;
const root = dirname(fileURLToPath(import.meta.url));
const installed = join(root, 'node_modules', '.package-lock.json');
const modified = file => (existsSync(file) ? statSync(file).mtimeMs : 0);

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  console.error(`Perennial needs Node ${oldestNode} or newer, and this is ${process.version}`);
  process.exit(1);
}
if (modified(installed) < modified(join(root, 'package-lock.json'))) {
  console.error('Installing dependencies …');
  // In a shell, which finds npm under whatever name it has on this system.
  const command = 'npm ci --no-audit --no-fund --loglevel=error';
  const npm = spawnSync(command, { cwd: root, shell: true, stdio: ['ignore', 2, 2] });
  process.exitCode = npm.status ?? 1;
}
