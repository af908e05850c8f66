import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { allowed } from '../lib/feed-file/complaint.ts';
import { feedSchema } from '../lib/feed-file/feed.ts';

/** The reference page of the feed file, from its schema; `npm run docs` writes it beside this file. */
export function referencePage(): string {
  const options = z.toJSONSchema(feedSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (jsonSchema.type !== 'object' || !jsonSchema.properties) jsonSchema.examples = [expectationOf(zodSchema)];
    },
  }) as Option;
  return `${introduction}\n${sections('', options).join('\n')}`;
}

const introduction = `# The feed file

<!-- Written by \`npm run docs\` from lib/core/feed/spec.ts; edits here are lost. -->

One YAML file describes one vendor's delivery. Only what is marked as required has to be there. \`nightfeed validate FEED.yaml\`
checks a file and names each fault with its line.

Editors with the YAML language server, such as VS Code with the extension "YAML" by Red Hat, complete options, show what they mean and
mark mistakes while you type. They want the JSON Schema beside the feed file, and a first line that names it:

\`\`\`sh
npm run --silent nightfeed -- schema > nightfeed.schema.json
\`\`\`

\`\`\`yaml
# yaml-language-server: $schema=nightfeed.schema.json
\`\`\`

Write the schema again after an upgrade: it knows the options of its version, which its \`$id\` names. Expressions, names of time zones
and what options say about one another are checked by \`validate\` alone.
`;

/** JSON Schema, as far as the feed file uses it; \`examples\` holds what a value may be, in words. */
interface Option {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly string[];
  readonly properties?: Readonly<Record<string, Option>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Option | false;
  /** Of a list. */
  readonly items?: Option;
  readonly anyOf?: readonly Option[];
  /** Kinds that the option `type` tells apart. */
  readonly oneOf?: readonly Option[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a schema says to somebody who gave it nothing. */
function expectationOf(schema: z.core.$ZodType): string {
  const { error } = z.safeParse(schema, Symbol('nothing'), { error: allowed });
  return error?.issues[0]?.message.replace(/^expected /, '') ?? '';
}

/** A section for these options, then one for each group of options within. */
function sections(path: string, { description, properties = {}, required = [], oneOf = [] }: Option): string[] {
  if (oneOf.length > 0)
    return [
      ...[`## ${path}`, '', description ?? '', ''],
      ...oneOf.flatMap((kind) => sections(`${path} (${kind.properties!.type!.examples![0]})`, kind)),
    ];
  const entries = Object.entries(properties);
  const values = entries.filter(([, option]) => hasShortForm(option) || !isGroup(groupOf(option)));
  const rows = values.map(([name, option]) => row(name, option, required.includes(name)));
  const heading = path === '' ? [] : [`## ${path}`, '', ...(description === undefined ? [] : [description, ''])];
  const table = ['| option | allowed | default | meaning |', '|---|---|---|---|', ...rows, ''];
  const groups = entries
    .filter((entry) => !values.includes(entry))
    .flatMap(([name, option]) => {
      const within = {
        ...groupOf(option),
        description: `${option.description}${required.includes(name) ? '' : ' Optional.'}`,
      };
      const place = path === '' ? name : `${path}.${name}`;
      return sections(option.additionalProperties ? `${place}.<name>` : place, within);
    });
  return [...heading, ...(rows.length > 0 ? table : []), ...groups];
}

const isGroup = ({ properties, oneOf }: Option) => properties !== undefined || oneOf !== undefined;

/** A value may stand for a group of options: the row says both, docs/guards.md the rest. */
function hasShortForm({ anyOf = [] }: Option): boolean {
  return anyOf.some(({ properties }) => !properties) && anyOf.some(({ properties }) => properties);
}

/** The options within an option: its own, those of its entries, those of all its alternatives, or of the kinds that a list is of. */
function groupOf({ additionalProperties, anyOf, items, ...option }: Option): Option {
  if (additionalProperties) return groupOf(additionalProperties);
  if (items?.anyOf?.every(({ properties }) => properties)) return groupOf({ ...option, ...items });
  const groups = anyOf?.filter((alternative) => alternative.properties);
  if (!groups || groups.length === 0) return option;
  const required = groups[0]!.required?.filter((name) => groups.every((group) => group.required?.includes(name)));
  return {
    ...option,
    properties: Object.assign({}, ...groups.map((group) => group.properties)),
    required: required ?? [],
  };
}

function row(name: string, option: Option, isRequired: boolean): string {
  const fallback =
    option.default === undefined || isEmpty(option.default) ? '' : `\`${JSON.stringify(option.default)}\``;
  const cells = [`\`${name}\``, allowedFor(option), isRequired ? '**required**' : fallback, option.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const isEmpty = (value: unknown) => JSON.stringify(value) === '{}';

function allowedFor({ type, examples = [], minimum, maximum }: Option): string {
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const bounds = isBounded ? `, ${minimum} to ${maximum}` : minimum === undefined ? '' : `, at least ${minimum}`;
  return `${type === 'integer' ? 'a whole number' : examples[0]}${bounds}`;
}

if (import.meta.main) writeFileSync(new URL('feed-file.md', import.meta.url), referencePage());
