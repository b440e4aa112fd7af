// Runs before every npm script, on the machine's own Node: installs what package-lock.json names and node_modules lacks.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const installed = join(root, 'node_modules', '.package-lock.json');
const modified = file => (existsSync(file) ? statSync(file).mtimeMs : 0);

if (modified(installed) < modified(join(root, 'package-lock.json'))) {
  console.error('Installing dependencies …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
}
