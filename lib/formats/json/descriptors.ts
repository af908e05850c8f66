import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { jsonOptions, type NdjsonFormat, ndjsonOptions } from './options.ts';

/** An object in each line. */
export const ndjson: FileFormat<typeof ndjsonOptions> = {
  name: 'ndjson',
  options: ndjsonOptions,
  complaints,
  async open(file) {
    const { openNdjson } = await import('./open.ts');
    return openNdjson(file);
  },
};

/** A document with an array of objects. */
export const json: FileFormat<typeof jsonOptions> = {
  name: 'json',
  options: jsonOptions,
  complaints,
  async open(file) {
    const { openJson } = await import('./open.ts');
    return openJson(file);
  },
};

function* complaints({ fields = {} }: NdjsonFormat, columns: readonly FormatColumn[]): Generator<FormatComplaint> {
  const counted = columns.find(({ from }) => typeof from === 'object');
  if (counted)
    yield { message: 'an object has a name once: give it alone, without nth', path: ['columns', counted.name, 'from'] };
  const seen = new Map<string, string>();
  const shapes = new Map<string, string>();
  for (const [name, path] of Object.entries(fields)) {
    const place = ['format', 'fields', name];
    if (typeof path[0] !== 'string') yield { message: 'records are objects: a path begins with a name', path: place };
    const same = seen.get(JSON.stringify(path));
    if (same !== undefined) yield { message: `${same} has the same path`, path: place };
    seen.set(JSON.stringify(path), name);
    for (const [depth, step] of path.entries()) {
      const above = JSON.stringify(path.slice(0, depth));
      const shape = typeof step === 'string' ? 'an object' : 'an array';
      const other = shapes.get(above) ?? shape;
      if (other !== shape) yield { message: `another path reads ${other} where this one reads ${shape}`, path: place };
      shapes.set(above, other);
    }
  }
}
