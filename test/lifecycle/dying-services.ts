/** Services of which all calls are counted, and that stop working after one of them, as a process that is killed does. */
export interface DyingServices<Services> {
  readonly services: Services;
  /** Calls begun so far. */
  calls(): number;
}

/** What a call throws from the fatal one on. */
export class DiedError extends Error {
  override readonly name = 'DiedError';
}

/**
 * Wraps every function of every service.
 *
 * @param lastCall the call, counted from 1, that is carried out but never answered
 */
export function dieAfter<Services extends object>(services: Services, lastCall: number): DyingServices<Services> {
  let calls = 0;
  const count = async (act: () => unknown) => {
    const call = ++calls;
    if (call > lastCall) throw new DiedError(`Died after call ${lastCall}`);
    const answer = await act();
    if (call === lastCall) throw new DiedError(`Died after call ${lastCall}`);
    return answer;
  };
  const wrap = (service: object) =>
    new Proxy(service, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        // Functions that are no calls to a service answer at once.
        if (typeof value !== 'function' || name === 'uri' || name === 'now' || name === 'real') return value;
        return (...values: unknown[]) => count(() => Reflect.apply(value, target, values));
      },
    });
  const wrapped = Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, name === 'code' ? service : wrap(service as object)]),
  );
  return { services: wrapped as Services, calls: () => calls };
}

/** Runs an act again and again, each time with services that die one call later, until it gets through; each death is followed by nothing else. */
export async function retryThroughEveryDeath<Services extends object, Answer>(
  services: Services,
  act: (services: Services) => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly deaths: number }> {
  for (let deaths = 0; ; deaths++) {
    try {
      return { answer: await act(dieAfter(services, deaths + 1).services), deaths };
    } catch (error) {
      if (!(error instanceof DiedError)) throw error;
    }
  }
}
