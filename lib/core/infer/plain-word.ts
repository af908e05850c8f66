/** Letters of a to z, digits and underscores that remind of a text; empty where nothing does. */
export function plainWord(text: string, most: number): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, most);
}
