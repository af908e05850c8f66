/** The type of the format that reads a file of JSON which begins with this line; undefined when no JSON begins so. */
export function jsonTypeOf(line: string): 'json' | 'ndjson' | undefined {
  if (/^\s*\[\s*([{[\]]|$)/.test(line)) return 'json';
  if (!/^\s*\{\s*("|$)/.test(line)) return undefined;
  return /\}\s*$/.test(line) ? 'ndjson' : 'json';
}
