import { z } from 'zod';
import type { EngineDescriptor } from '../descriptors/engine-descriptor.ts';

/** What a feed file says of these engines. */
export type EngineOptionsIn<Kind> = { engine: 'auto' | NameOf<Kind> } & {
  [Each in Kind as Each extends { options: z.ZodType } ? NameOf<Each> : never]?: OptionsOf<Each>;
};

type NameOf<Kind> = Kind extends { name: infer Name extends string } ? Name : never;
type OptionsOf<Kind> = Kind extends { options: infer Options extends z.ZodType } ? z.output<Options> : never;

/** `engine`, and an option for each engine that has some. */
export function engineOptions(kinds: readonly EngineDescriptor[]): { engine: z.ZodDefault<z.ZodType<string>> } {
  const options = kinds.flatMap(({ name, options }) => (options === undefined ? [] : [[name, options]]));
  return {
    engine: z
      .enum(['auto', ...kinds.map(({ name }) => name).sort()])
      .default('auto')
      .describe(
        'What computes the changes; `auto` picks by what there is to compare. `spark` runs on Glue, or here with Java 17 and Python.',
      ),
    ...Object.fromEntries(options),
  };
}
