import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, isMap, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { NightfeedError } from '../../core/errors.ts';
import { type Feed, feedSchema } from '../../core/feed/spec.ts';

export interface FeedFile {
  readonly feed: Feed;
  /** Absolute; relative sources start here. */
  readonly folder: string;
}

/** Reads and checks a feed file. FEED_INVALID lists every fault with file, line, what was received and what is allowed. */
export async function readFeedFile(path: string): Promise<FeedFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new NightfeedError('USAGE', `cannot read the feed file ${path}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'Give the path of a feed file; `examples/` has some to start from.',
      cause: error,
    });
  }
  return { feed: parseFeed(text, path), folder: dirname(resolve(path)) };
}

export function parseFeed(text: string, path: string): Feed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => `${path}:${lines.linePos(error.pos[0]).line}: ${error.message}`));
  }
  const result = feedSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(leafIssues).map((issue) => describe(issue, document, lines, path)));
}

type Issue = z.core.$ZodIssue;

/** Of a union's alternatives, the one that fits best: it complains about the deepest place. */
function leafIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map((inner) => inner.path.length + (inner.code === 'custom' ? 0.5 : 0)));
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0]!;
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(leafIssues);
}

function describe(issue: Issue, document: Document, lines: LineCounter, path: string): string {
  const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const line = lineOf(place, document, lines);
  const received = document.getIn(issue.path, false);
  const value = isMap(received) || issue.code === 'unrecognized_keys' ? '' : `, received ${shown(received)}`;
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return `${path}:${line}: ${where}${issue.message}${value}`;
}

function shown(received: unknown): string {
  return received === undefined ? 'nothing' : JSON.stringify(received)?.slice(0, 80);
}

/** The line of the deepest node on the way that the file has. */
function lineOf(place: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let depth = place.length; depth > 0; depth -= 1) {
    const parent = document.getIn(place.slice(0, depth - 1), true);
    if (!isMap(parent)) continue;
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(place[depth - 1]));
    const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}

function invalid(problems: readonly string[]): NightfeedError {
  return new NightfeedError('FEED_INVALID', problems.join('\n'));
}
