import { Transform, type TransformCallback } from 'node:stream';
import { ServiceError } from '../service.ts';

/**
 * Decodes a body of content encoding `aws-chunked`: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n[trailers]\r\n`.
 * Signatures and checksum trailers are read over: the connection is loopback.
 */
export function decodeAwsChunked(): Transform {
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes of the current chunk still to come; null between chunks. */
  let remaining: number | null = null;
  let hasEnded = false;

  function decode(this: Transform, input: Buffer): void {
    pending = pending.length > 0 ? Buffer.concat([pending, input]) : input;
    while (!hasEnded && pending.length > 0) {
      if (remaining === null) {
        const end = pending.indexOf('\r\n');
        if (end < 0) break;
        const size = Number.parseInt(pending.toString('latin1', 0, end), 16);
        if (!(size >= 0)) throw incompleteBody();
        pending = pending.subarray(end + 2);
        hasEnded = size === 0;
        remaining = size;
      } else if (remaining > 0) {
        this.push(pending.subarray(0, remaining));
        const taken = Math.min(remaining, pending.length);
        pending = pending.subarray(taken);
        remaining -= taken;
      } else {
        if (pending.length < 2) break;
        pending = pending.subarray(2);
        remaining = null;
      }
    }
  }

  function transform(this: Transform, input: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      decode.call(this, input);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  return new Transform({ transform, flush: done => done(hasEnded ? null : incompleteBody()) });
}

function incompleteBody(): ServiceError {
  return new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
}
