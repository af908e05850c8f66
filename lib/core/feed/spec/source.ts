import { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import type { FeedSource, SourceDescriptor, SourceOf } from '../descriptors/source-descriptor.ts';

const ignoreCase = z
  .boolean()
  .optional()
  .describe(
    '`true`: upper and lower case are the same in the names of files, marker and manifest. Two names that differ in nothing else are then refused.',
  );

/** The source of a feed: one of these kinds. */
type SourceIn<Kind> =
  Kind extends SourceDescriptor<infer Options> ? SourceOf<Options> & Pick<FeedSource, 'ignore_case'> : never;

/** Where the vendor delivers: one schema for each kind. */
export function sourceSchema<Kind extends SourceDescriptor>(kinds: readonly Kind[]): z.ZodType<SourceIn<Kind>> {
  const schemas = kinds.map(({ options }) => z.strictObject({ ...options, ignore_case: ignoreCase }));
  const names = kinds.map(({ name }) => name);
  const source: z.ZodType = z
    .union(schemas, { error: `expected ${anyOf(names)}` })
    .describe(`Where the vendor delivers: ${anyOf(names.map((name) => `\`${name}\``))}.`);
  return source as z.ZodType<SourceIn<Kind>>;
}
