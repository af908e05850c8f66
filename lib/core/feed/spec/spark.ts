import { z } from 'zod';
import { size } from '../values/text-forms.ts';

/** For deliveries that one machine cannot hold. */
export const spark = z.strictObject({
  above: size.describe('Uncompressed size of a table, such as 200GB, above which `engine: auto` takes Spark.'),
});
