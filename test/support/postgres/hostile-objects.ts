/** PostgreSQL's own, with types as `format_type` writes them. */
export interface Catalogue {
  readonly functions: readonly (Signature & { readonly variadic: boolean; readonly set: boolean })[];
  readonly operators: readonly Signature[];
  readonly types: readonly string[];
  readonly relations: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** By a type: those that become it without being asked. */
  readonly casts: Readonly<Record<string, readonly string[]>>;
}

interface Signature {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly result: string;
}

/** One object; it calls `spring` with its number when it runs. */
interface HostileObject {
  readonly what: string;
  make(number: number): string;
}

/** In one schema, each with the arguments that PostgreSQL's own has, and with all that fit a call better. */
export function hostileObjects(own: Catalogue, schema: string, spring: string): HostileObject[] {
  const place = `"${schema}"`;
  const objects = new Map<string, HostileObject>();
  const add = (what: string, make: HostileObject['make']) => objects.set(what, { what, make });
  const define = (name: string, args: readonly string[], result: string, number: number) =>
    `CREATE FUNCTION ${place}."${name}"(${args.join(', ')}) RETURNS ${result} LANGUAGE plpgsql AS 'BEGIN PERFORM ${spring}(${number}); END'`;

  for (const { name, result, set, ...rest } of own.functions)
    for (const args of overloads(rest, own))
      add(`function ${schema}.${name}(${args.join(', ')})`, (number) =>
        define(name, args, `${set ? 'SETOF ' : ''}${isPseudo(result) ? 'text' : result}`, number),
      );
  for (const { name, result, ...rest } of own.operators)
    for (const args of overloads({ ...rest, variadic: false }, own).filter((types) => types.every(isOrdinary)))
      add(`operator ${schema}.${args.join(` ${name} `)}`, (number) => {
        const of = `operator ${number}`;
        const made = define(of, args, isPseudo(result) ? 'text' : result, number);
        return `${made}; CREATE OPERATOR ${place}.${name} (FUNCTION = ${place}."${of}", LEFTARG = ${args[0]}, RIGHTARG = ${args[1]})`;
      });
  for (const type of own.types)
    add(
      `domain ${schema}.${type}`,
      (number) => `CREATE DOMAIN ${place}."${type}" AS pg_catalog."${type}" CHECK (${spring}(${number}))`,
    );
  for (const { name, columns } of own.relations)
    add(
      `view ${schema}.${name}`,
      (number) =>
        `CREATE VIEW ${place}."${name}" AS SELECT ${columns.join(', ')} FROM pg_catalog."${name}" WHERE ${spring}(${number});
         GRANT SELECT ON ${place}."${name}" TO PUBLIC`,
    );
  return [...objects.values()];
}

/** What our statements compute with; an operator on points is nobody's. */
const ordinary = [
  ...[
    'text',
    'character varying',
    'name',
    '"char"',
    'smallint',
    'integer',
    'bigint',
    'numeric',
    'double precision',
    'boolean',
  ],
  ...[
    'date',
    'timestamp without time zone',
    'timestamp with time zone',
    'interval',
    'json',
    'jsonb',
    'uuid',
    'bit',
    'oid',
  ],
  ...['regclass', 'text[]', 'name[]', 'smallint[]', 'bytea'],
];
const isOrdinary = (type: string) => ordinary.includes(type);

/** What anything may be. */
const common = ['text', 'name', 'integer', 'bigint', 'date', 'jsonb', 'oid'];
/** Types of whole calls beyond these would be too many to make. */
const MOST_ARGUMENTS = 3;
const pairs = ['text', 'integer', 'date', 'jsonb', 'bigint'];

function overloads(
  { arguments: args, variadic }: Pick<Signature, 'arguments'> & { readonly variadic: boolean },
  { casts }: Catalogue,
): string[][] {
  if (variadic && args.at(-1) === '"any"') return variadics(args.slice(0, -1));
  const choices = args.map((type) => fitting(type, casts));
  if (choices.some((types) => types.length === 0)) return [];
  const lists = args.length <= MOST_ARGUMENTS ? product(choices) : oneByOne(choices);
  return variadic ? lists.map((types) => [...types.slice(0, -1), `VARIADIC ${types.at(-1)}`]) : lists;
}

/** None for what no function of a user may take. */
function fitting(type: string, casts: Catalogue['casts']): readonly string[] {
  if (['"any"', 'anyelement', 'anynonarray', 'anycompatible'].includes(type)) return common;
  if (['anyarray', 'anycompatiblearray'].includes(type)) return ['text[]', 'name[]', 'smallint[]'];
  return isPseudo(type) ? [] : [type, ...(casts[type] ?? []).filter(isOrdinary)];
}

const isPseudo = (type: string) =>
  /^(any|"any"|internal|cstring|record|trigger|void|unknown|event_trigger|pg_ddl_command|.*_handler)/.test(type);

/** Calls such as format(text, name, name) and json_build_object(text, integer, text, date). */
function variadics(first: readonly string[]): string[][] {
  const labelled = [1, 2, 3].flatMap((length) => product(Array.from({ length }, () => pairs)));
  return [
    ...labelled.map((types) => types.flatMap((type) => ['text', type])),
    ...common.flatMap((type) => [1, 2, 3].map((length) => Array.from({ length }, () => type))),
    ...common.map((type) => [`VARIADIC ${type}[]`]),
  ].map((types) => [...first, ...types]);
}

function product(choices: readonly (readonly string[])[]): string[][] {
  return choices.reduce<string[][]>(
    (lists, types) => lists.flatMap((list) => types.map((type) => [...list, type])),
    [[]],
  );
}

/** The first of each, and lists that differ from it in one place. */
function oneByOne(choices: readonly (readonly string[])[]): string[][] {
  const own = choices.map(([type]) => type!);
  return [own, ...choices.flatMap((types, place) => types.slice(1).map((type) => own.with(place, type)))];
}
