/** Tells a person what happens: a line a stage, with what came of it and the seconds it took. Remembers the seconds for the summary. */
export class Progress {
  /** Seconds by stage, in order. */
  readonly seconds: Record<string, number> = {};
  readonly #started = performance.now();

  /** Seconds at which the last stage ended. */
  #ended = 0;

  /** Seconds since the beginning. */
  get elapsed(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  /**
   * Runs a stage between its announcement and its end.
   *
   * @param describe says what came of it
   */
  async stage<Result>(
    name: string,
    act: () => Promise<Result>,
    describe: (result: Result) => string = () => '',
  ): Promise<Result> {
    const started = performance.now();
    this.begin(name);
    const result = await act();
    this.end(name, (performance.now() - started) / 1_000, describe(result));
    return result;
  }

  /** Tells the end of a stage that began when the one before it ended. @returns its seconds */
  next(name: string, detail: string): number {
    const seconds = this.elapsed - this.#ended;
    this.#ended += seconds;
    this.end(name, seconds, detail);
    return seconds;
  }

  /** Tells what the next stages are about. */
  title(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Announces a stage where someone watches; in a log, only its end is written. */
  begin(name: string): void {
    if (process.stderr.isTTY) process.stderr.write(`${this.#clock()}  ${name} …\r`);
  }

  end(name: string, seconds: number, detail: string): void {
    this.seconds[name] = Math.round(((this.seconds[name] ?? 0) + seconds) * 1_000) / 1_000;
    const line = `${this.#clock()}  ${name.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s  ${detail}`.trimEnd();
    process.stderr.write(process.stderr.isTTY ? `\x1b[2K${line}\n` : `${line}\n`);
  }

  #clock(): string {
    return `${this.elapsed.toFixed(1).padStart(6)} s`;
  }
}
