import { z } from 'zod';
import { anyOf } from '../../any-of.ts';
import type { FeedFormat, FormatDescriptor } from '../descriptors/format-descriptor.ts';

/** How the bytes of a file become fields: one schema for each kind, the first where none is named. */
export function formatSchema(kinds: readonly FormatDescriptor[]): z.ZodType<FeedFormat> {
  const [first, ...others] = kinds.map(({ name, options }, index) => {
    const type = z.enum([name]);
    return z.strictObject({
      type: (index === 0 ? type.default(name) : type).describe('Kind of file.'),
      ...options,
    });
  });
  const schema =
    others.length === 0 ? first! : z.discriminatedUnion('type', [first!, ...others], { error: unknownKind(kinds) });
  return schema as z.ZodType<FeedFormat>;
}

function unknownKind(kinds: readonly FormatDescriptor[]): z.core.$ZodErrorMap {
  return ({ code }) => (code === 'invalid_union' ? `expected ${anyOf(kinds.map(({ name }) => name))}` : undefined);
}
