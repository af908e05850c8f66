import { z } from 'zod';
import { dated, duration } from '../values/text-forms.ts';

const field = z.string().min(1);

const manifest = z
  .strictObject({
    file: dated.min(1).describe('Pattern of its name; `{yyyymmdd}` and the like stand for the business date.'),
    format: z
      .enum(['csv', 'checksums', 'json'])
      .default('csv')
      .describe(
        '`csv` has a header; `checksums` is what md5sum and sha256sum print; `json` is a list of objects, or an object with one list in it.',
      ),
    delimiter: z.string().length(1).default(',').describe('Between the fields of `csv`.'),
    columns: z
      .strictObject({
        file: field.default('file').describe('Name of the data file, with or without folders before it.'),
        size: field.default('size').describe('Bytes of the file as it lies at the vendor.'),
        rows: field.default('rows').describe('Data records, without the header.'),
        md5: field.default('md5').describe('MD5 of the file as it lies at the vendor, in hexadecimal digits.'),
        sha256: field.default('sha256').describe('SHA-256 in the same way.'),
      })
      .prefault({})
      .describe('How the vendor calls the fields of `csv` and `json`. Those that are not there are not checked.'),
  })
  .describe(
    'A file of the vendor that says for each data file how large it is. All that it names must be there, and be as it says.',
  );

/** When a delivery is complete. */
export const ready = z.strictObject({
  stable: duration
    .prefault('60s')
    .describe(
      'For how long, by our own clock, two looks at the source have to see the same, unless a dated marker, a manifest or the file system of a local folder proves more. `0s` asks for one look.',
    ),
  marker: dated
    .min(1)
    .optional()
    .describe(
      'Pattern of a file that the vendor writes last. With the date in it, or in the path of the source, nothing else is waited for; without, it has to be written anew for each delivery.',
    ),
  manifest: manifest.optional(),
  verify: z
    .enum(['always', 'weekly', 'never'])
    .optional()
    .describe(
      'When a date that is over is asked for again and its files have the same names, sizes and times: whether their bytes are read again. `weekly`, the default: when they were last read more than 7 days ago.',
    ),
});
