/** Text as HTML that shows it, inside an element or an attribute's quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A share as people read it: `11.7 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
