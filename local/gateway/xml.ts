/** An element that holds text, or elements that {@link xml} made. */
export function xml(name: string, content: string | number | boolean | readonly (string | false)[]): string {
  const inner = Array.isArray(content) ? content.filter(Boolean).join('') : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A whole document with a namespace. */
export function xmlDocument(root: string, namespace: string, content: readonly (string | false)[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${content.filter(Boolean).join('')}</${root}>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, character => entities[character]!);
}
