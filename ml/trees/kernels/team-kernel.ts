import { atomic, call, giveBack, i32, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { words } from './memory-map.ts';

/**
 * How threads share the parts of a command. `lead(command, parts)` publishes one and does what no other thread claims, so it needs none; `work()` helps with
 * every command until `stop` is set.
 *
 * A thread reads which command it is only after it has claimed a part: until that part is done, there can be no other.
 *
 * @param parts what to do for a part of each command, by its number
 */
export function defineTeam(module: ModuleBuilder, parts: readonly WasmFunction[]): void {
  const help = defineHelp(module, parts);
  module.define('lead', { command: 'i32', count: 'i32' }, ({ command, count }, variable) => {
    const spins = variable('i32');
    const done = variable('i32');
    return [
      i32.store(words.command, command),
      atomic.store(words.done, 0),
      atomic.store(words.remaining, count),
      [...atomic.add(words.signal, 1), ...drop],
      atomic.notifyAll(words.signal),
      call(help),
      set(done, atomic.load(words.done)),
      repeatWhile(i32.less(done, count), [
        increase(spins, 1),
        when(i32.greater(spins, patience), [atomic.wait(words.done, done)]),
        set(done, atomic.load(words.done)),
      ]),
    ];
  });
  module.define('work', {}, (_, variable) => {
    const [seen, spins] = [variable('i32'), variable('i32')];
    return [
      repeatWhile(i32.equal(atomic.load(words.stop), 0), [
        set(seen, atomic.load(words.signal)),
        call(help),
        set(spins, 0),
        repeatWhile(i32.and(i32.equal(atomic.load(words.signal), seen), i32.less(spins, patience)), [
          increase(spins, 1),
        ]),
        when(i32.equal(atomic.load(words.stop), 0), [atomic.wait(words.signal, seen)]),
      ]),
    ];
  });
}

/** Looks at a word before a thread goes to sleep: some hundred microseconds, about as long as its leader takes from one command to the next. */
const patience = 30_000;

const drop = [0x1a];

/** `help()`: claims parts until there are none. */
function defineHelp(module: ModuleBuilder, parts: readonly WasmFunction[]): WasmFunction {
  const claim = module.compute('claim', {}, (_, variable) => {
    const left = variable('i32');
    return [
      when(i32.greater(atomic.load(words.remaining), 0), [
        set(left, atomic.add(words.remaining, -1)),
        when(i32.greater(left, 0), [giveBack(i32.sub(left, 1), 'i32')]),
      ]),
      i32.sub(0, 1),
    ];
  });
  return module.define('help', {}, (_, variable) => {
    const [part, command] = [variable('i32'), variable('i32')];
    return [
      set(part, call(claim)),
      repeatWhile(i32.atLeast(part, 0), [
        set(command, i32.load(words.command)),
        ...parts.map((kernel, number) => when(i32.equal(command, number), [call(kernel, part)])),
        [...atomic.add(words.done, 1), ...drop],
        atomic.notifyAll(words.done),
        set(part, call(claim)),
      ]),
    ];
  });
}
