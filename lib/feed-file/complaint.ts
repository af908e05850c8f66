import { type Document, isMap, isScalar, isSeq, type LineCounter } from 'yaml';
import { z } from 'zod';
import { expectedSecret } from '../core/feed/values/text-forms.ts';

type Issue = z.core.$ZodIssue;

/** A parsed feed file, to find the line and the text of an option. */
export interface ParsedFile {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Says what is allowed, for checks of the schema that have no message of their own. */
export const allowed: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return `expected ${typeNames[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.join(' or ')}`;
  if (issue.code === 'too_small') return `expected at least ${sizeOf(issue.origin, issue.minimum)}`;
  if (issue.code === 'too_big') return `expected at most ${sizeOf(issue.origin, issue.maximum)}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message;
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
    return `expected one of ${Object.keys(issue.inst.shape).join(', ')}`;
  }
  return undefined;
};

/** `file:line: option: what is allowed, what was received`, a line for each fault. */
export function complaints(issue: Issue, file: ParsedFile): string[] {
  return closest(issue, file.document).flatMap((fault) => {
    const places = fault.code === 'unrecognized_keys' ? fault.keys.map((key) => [...fault.path, key]) : [fault.path];
    return places.map((place) => {
      const received = fault.message.startsWith('expected')
        ? `, received ${receivedAt(place, fault, file.document)}`
        : '';
      const option = place.length > 0 ? `${place.join('.')}: ` : '';
      return `${file.path}:${lineOf(place, file)}: ${option}${fault.message}${received}`;
    });
  });
}

const typeNames: Record<string, string> = {
  object: 'options by name',
  record: 'entries by name',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

const units: Record<string, string> = { string: ' character', array: ' entry' };

function sizeOf(origin: string, size: number | bigint): string {
  return `${size}${units[origin] ?? ''}`;
}

/** The faults of the alternative of a union that was probably meant. */
function closest(issue: Issue, document: Document): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const inside = issue.errors.map((alternative) =>
    alternative.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const own = issue.path.length + 1;
  const isMeant = (inner: Issue) =>
    inner.code === 'unrecognized_keys' || (inner.path.length >= own && document.hasIn(inner.path.slice(0, own)));
  const meant = inside.find((alternative) => alternative.every(isMeant));
  return meant ? meant.flatMap((inner) => closest(inner, document)) : [issue];
}

function receivedAt(place: readonly PropertyKey[], issue: Issue, document: Document): string {
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_key') return JSON.stringify(place.at(-1));
  // The received text is not repeated, because it may be the secret itself.
  if (issue.message === expectedSecret) return 'something else';
  const node = place.length === 0 ? document.contents : document.getIn(place, true);
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return 'nothing';
  if (isMap(node)) return node.items.map((item) => String(item.key)).join(', ') || 'nothing';
  if (isSeq(node)) return 'a list';
  return JSON.stringify(isScalar(node) ? node.value : String(node))
    .replace(/\/\/[^/@]*@/, '//…@')
    .slice(0, 80);
}

/** The line of the deepest option on this path that the file has. */
function lineOf(place: readonly PropertyKey[], { document, lines }: ParsedFile): number {
  for (let depth = place.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(place.slice(0, depth - 1), true);
    if (!isMap(parent)) continue;
    const key = parent.items.find((item) => String(item.key) === String(place[depth - 1]))?.key;
    const range = (key as { range?: [number, number, number] } | undefined)?.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}
