import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsupportedMachineError } from '../../../local/step-functions/prepare-definition.ts';
import { validateMachines } from '../../../local/step-functions/validate-machines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-machines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function machine(definition: object) {
  return { arn: 'arn:x:stateMachine:Perennial-one', name: 'Perennial-one', definition: JSON.stringify(definition) };
}

const valid = machine({ StartAt: 'End', States: { End: { Type: 'Succeed' } } });
const invalid = machine({ StartAt: 'Nowhere', States: {} });

test('a definition that has become invalid is refused, also where the one before was valid', () => {
  validateMachines([valid], folder);
  validateMachines([valid], folder);
  expect(() => validateMachines([invalid], folder)).toThrow(UnsupportedMachineError);
  expect(() => validateMachines([valid, invalid], folder)).toThrow('Cannot run state machine "Perennial-one"');
});

test('a definition that an earlier start has found valid is not looked at again', () => {
  writeFileSync(join(folder, 'valid-definitions.json'), JSON.stringify([hash('sha256', invalid.definition)]));
  expect(() => validateMachines([invalid], folder)).not.toThrow();
});
