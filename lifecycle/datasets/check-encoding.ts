import { TextDecoder } from 'node:util';
import { UnreadableFileError } from './errors.ts';

/**
 * Passes the bytes of a text on while they are UTF-8. What begins with the mark of UTF-16 passes unchecked.
 *
 * @throws {UnreadableFileError} at the first byte that is in another encoding, which would become `�` in a level's name
 */
export async function* checkEncoding(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf16: boolean | undefined;
  for await (const chunk of bytes) {
    isUtf16 ??= chunk[0] === 0xff && chunk[1] === 0xfe;
    if (!isUtf16) decode(decoder, chunk);
    yield chunk;
  }
  if (!isUtf16) decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): void {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    const remedy = 'expected that encoding, for instance from `iconv --from-code latin1 --to-code utf-8`';
    throw new UnreadableFileError(`is no UTF-8: ${remedy}`, { cause });
  }
}
