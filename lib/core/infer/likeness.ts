/** The type of the format that reads a file of JSON which begins with this line; undefined when no JSON begins so. */
export function jsonTypeOf(line: string): 'json' | 'ndjson' | undefined {
  if (/^\s*\[\s*([{[\]]|$)/.test(line)) return 'json';
  if (!/^\s*\{\s*("|$)/.test(line)) return undefined;
  return isObject(line) ? 'ndjson' : 'json';
}

/** A whole object; a document may be one, with its records within it. */
function isObject(line: string): boolean {
  try {
    const found: unknown = JSON.parse(line);
    return typeof found === 'object' && found !== null && !Object.values(found).some(isList);
  } catch {
    return false;
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);
}

/** How dumps of mysqldump, pg_dump and others begin. */
export const dumpStart = /^(--|\/\*|\\restrict)[\s\S]*?\b(dump|SQL)\b|^(INSERT INTO|CREATE TABLE|COPY) /i;
