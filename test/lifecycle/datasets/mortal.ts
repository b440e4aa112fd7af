/** Stands for a process that is killed: its services answer a number of calls, and none after. */
export interface Mortal {
  /** The same service, as the dying process sees it. */
  wrap<Service extends object>(service: Service): Service;
  /** Whether the process was killed. */
  isDead(): boolean;
}

/** Thrown by every call of a dead process. */
export class DeadError extends Error {
  override readonly name = 'DeadError';
}

/** Makes a process that dies at its call number `calls`, counted over all its services: the call reaches its service, the answer is lost. */
export function dieAt(calls: number): Mortal {
  let left = calls;
  let dead = false;
  const call = async (act: () => unknown) => {
    if (dead) throw new DeadError();
    left--;
    if (left > 0) return act();
    dead = true;
    await act();
    throw new DeadError();
  };
  return {
    isDead: () => dead,
    wrap: service =>
      new Proxy(service, {
        get(target, property, receiver) {
          const value = Reflect.get(target, property, receiver);
          // `uri` is no call to a service.
          if (typeof value !== 'function' || property === 'uri') return value;
          return (...args: unknown[]) => call(() => value.apply(target, args));
        },
      }),
  };
}
