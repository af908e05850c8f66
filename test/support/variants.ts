import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which engines and servers the tests of this run take; vitest.config.ts says which files it runs. */
    variants: 'node alone' | 'the others' | 'all';
  }
}

/** Those of all variants that this run takes: what `npm test` has on a machine with nothing but Node, the others, or all. */
export function variantsOf<Variant>(all: readonly Variant[], needsMore: (variant: Variant) => boolean): Variant[] {
  const wanted = inject('variants');
  return all.filter((variant) => wanted === 'all' || needsMore(variant) === (wanted === 'the others'));
}
