import type { Lineage } from './lineage.ts';

/** Writes a lineage as a Mermaid flowchart, from the files on the left to the predictions on the right. */
export function writeMermaid({ nodes, edges }: Lineage): string {
  const numbers = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    'flowchart LR',
    ...nodes.map(({ id, kind, name }) => `  ${numbers.get(id)}["${kind}<br/>${quote(shorten(name))}"]`),
    ...edges.map(({ from, to }) => `  ${numbers.get(from)} --> ${numbers.get(to)}`),
  ].join('\n');
}

/** A hash is known by its beginning; a key by its last words. */
function shorten(name: string): string {
  return /^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name.slice(name.lastIndexOf('/') + 1);
}

/** Mermaid takes numbered entities only. */
function quote(text: string): string {
  return text.replaceAll(/["#<>&]/g, character => `#${character.charCodeAt(0)};`);
}
