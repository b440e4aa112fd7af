import { type Metadata, metadataField } from './graph.ts';
import { readFields, readText } from './read-message.ts';

/**
 * Reads what an ONNX file says about its model; the graph is passed over.
 *
 * @throws {MalformedMessageError} when the bytes are no Protocol Buffers message
 */
export function readMetadata(onnx: Uint8Array): Metadata {
  const entries = [...readFields(onnx)]
    .filter(({ number }) => number === metadataField)
    .map(({ bytes }) => {
      const texts = new Map([...readFields(bytes)].map(field => [field.number, readText(field.bytes)]));
      return [texts.get(1) ?? '', texts.get(2) ?? ''];
    });
  return Object.fromEntries(entries);
}
