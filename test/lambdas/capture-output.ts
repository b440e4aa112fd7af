/** Collects what is written to standard output and error while something is done; Powertools writes there, past `console`. */
export async function captureOutput<T>(
  act: () => Promise<T>,
): Promise<{ result: T; lines: Record<string, unknown>[] }> {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(stream => stream.write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      chunks.push(String(chunk));
      return true;
    }) as typeof stream.write;
  }
  try {
    const result = await act();
    const lines = chunks.join('').split('\n');
    return { result, lines: lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line)) };
  } finally {
    streams.forEach((stream, index) => {
      stream.write = writes[index]!;
    });
  }
}
