/** Makes a function that runs acts on the same key one after the other, so that nothing comes between a condition and its act. */
export function takeTurns(): <Result>(key: string, act: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<void>>();
  return async (key, act) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(act);
    const settled = turn.then(
      () => {},
      () => {},
    );
    last.set(key, settled);
    await settled;
    if (last.get(key) === settled) last.delete(key);
    return turn;
  };
}
