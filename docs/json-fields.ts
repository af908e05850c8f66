import { z } from 'zod';

export interface Field {
  /** As jq writes it: `tables.<name>`, `holds[]`. */
  readonly path: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly meaning: string;
}

/** JSON Schema, as far as the answers use it. */
interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string | boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Every field that an answer may have, in the order of its schema. */
export function fieldsOf(schema: z.ZodType): Field[] {
  const shape = z.toJSONSchema(schema) as Shape & { readonly $defs?: Readonly<Record<string, Shape>> };
  const root = shape.$ref ? shape.$defs![nameOf(shape.$ref)]! : shape;
  return within('', root);
}

/** The fields of an object, and those of the objects within it. Shared ones have a section of their own. */
function within(path: string, { properties = {}, required = [] }: Shape): Field[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const meaning = field.description ?? '';
    const own = { path: here, type: typeOf(field), isOptional: !required.includes(name), meaning };
    return [own, ...inner(here, field)];
  });
}

function inner(path: string, { items, additionalProperties, anyOf = [], ...field }: Shape): Field[] {
  if (items) return inner(`${path}[]`, items);
  if (additionalProperties) return inner(`${path}.<name>`, additionalProperties);
  return [...anyOf.flatMap((each) => inner(path, each)), ...within(path, field)];
}

function typeOf(shape: Shape): string {
  const { $ref, type, enum: names, const: only, items, additionalProperties, anyOf } = shape;
  if ($ref) return `[${nameOf($ref)}](#${nameOf($ref).replaceAll(' ', '-')})`;
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (items) return `list of ${plural(items)}`;
  if (additionalProperties) return `object of ${plural(additionalProperties)}`;
  if (only !== undefined) return `\`${only}\``;
  if (names && names.length <= MOST_NAMES) return names.map((name) => `\`${name}\``).join(', ');
  return [type ?? []]
    .flat()
    .map((each) => (each === 'string' ? 'text' : each))
    .join(' or ');
}

/** More names than this have a page or a table of their own. */
const MOST_NAMES = 4;

function plural(shape: Shape): string {
  return { text: 'texts', number: 'numbers', object: 'objects' }[typeOf(shape)] ?? typeOf(shape);
}

function nameOf(reference: string): string {
  return decodeURIComponent(reference.slice(reference.lastIndexOf('/') + 1));
}
