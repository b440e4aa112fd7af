import { i32, increase, repeatWhile, set, v128 } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';

/** `zero(address, bytes)` of a multiple of 64 bytes. On shared memory the engine's own instruction goes byte by byte. */
export function defineZero(module: ModuleBuilder): WasmFunction {
  return module.define('zero', { address: 'i32', bytes: 'i32' }, ({ address, bytes }, variable) => {
    const end = variable('i32');
    return [
      set(end, i32.add(address, bytes)),
      repeatWhile(i32.lessUnsigned(address, end), [
        ...[0, 16, 32, 48].map(offset => v128.store(address, 0, offset)),
        increase(address, 64),
      ]),
    ];
  });
}

/** `move(to, from, bytes)` of a multiple of 4 bytes that do not overlap. As slow as filling, were it the engine's own. */
export function defineMove(module: ModuleBuilder): WasmFunction {
  return module.define('move', { to: 'i32', from: 'i32', bytes: 'i32' }, ({ to, from, bytes }, variable) => {
    const end = variable('i32');
    const advance = (step: number) => [increase(to, step), increase(from, step)];
    return [
      set(end, i32.add(from, bytes)),
      repeatWhile(i32.lessUnsigned(from, i32.sub(end, 15)), [v128.store(to, v128.load(from)), ...advance(16)]),
      repeatWhile(i32.lessUnsigned(from, end), [i32.store(to, i32.load(from)), ...advance(4)]),
    ];
  });
}
