import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { type Catalogue, hostileObjects } from './hostile-objects.ts';

/** A role with few rights, which waits for others to run what it made. */
export interface HostileNeighbour {
  readonly name: string;
  /** What of it somebody ran last, which no rollback undoes; null: nothing. */
  ran(): Promise<string | null>;
  /** When its database is gone; takes these roles along. */
  leave(...others: string[]): Promise<void>;
}

/**
 * Somebody with CREATE on `public` and on the database has made, there and in a schema named like our role: overloads of every
 * function that lib and sql name and of every operator, domains named like PostgreSQL's types, views named like its catalogue.
 * `url` is a superuser's.
 */
export async function hostileNeighbour(url: string, us: string): Promise<HostileNeighbour> {
  const name = `mallory_${randomBytes(4).toString('hex')}`;
  const database = new URL(url).pathname.slice(1);
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    fetch_types: false,
    connection: { search_path: 'pg_catalog' },
  });
  await sql.unsafe(
    `CREATE ROLE ${name}; GRANT CREATE ON SCHEMA public TO ${name}; GRANT CREATE ON DATABASE ${database} TO ${name}`,
  );
  const own = await catalogue(sql);
  const objects = ['public', us].flatMap((schema) => hostileObjects(own, schema, `${name}.spring`));
  if (objects.length < LEAST) throw new Error(`only ${objects.length} hostile objects were found to make`);
  await sql.begin(async (mallory) => {
    await mallory.unsafe(
      `SET LOCAL ROLE ${name}; ${trap(name)}; CREATE SCHEMA "${us}"; GRANT USAGE ON SCHEMA "${us}" TO PUBLIC`,
    );
    await mallory.unsafe(objects.map(({ make }, number) => make(number)).join(';\n'));
  });
  return {
    name,
    async ran() {
      const [last] = await sql.unsafe(`SELECT last_value::integer AS number FROM ${name}.ran WHERE is_called`);
      return last ? objects[last.number]!.what : null;
    },
    async leave(...others) {
      await sql.end();
      const server = postgres(Object.assign(new URL(url), { pathname: '/postgres' }).href, {
        max: 1,
        fetch_types: false,
      });
      await server.unsafe(`DROP ROLE IF EXISTS ${[name, ...others].join(', ')}`);
      await server.end();
    },
  };
}

/** Far fewer than there are: a change of what makes them must not empty the tests. */
const LEAST = 3000;

/** Sequences know of no rollback. */
const trap = (name: string) => `
CREATE SCHEMA ${name};
GRANT USAGE ON SCHEMA ${name} TO PUBLIC;
CREATE SEQUENCE ${name}.ran MINVALUE 0 START 0;
GRANT ALL ON SEQUENCE ${name}.ran TO PUBLIC;
CREATE FUNCTION ${name}.spring(number integer) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM setval('${name}.ran', number);
  RAISE EXCEPTION 'mallory ran as %', current_user;
END $$`;

/** What PostgreSQL has under the words of our code, whatever they are there. */
async function catalogue(sql: postgres.Sql): Promise<Catalogue> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const files = globSync(['lib/{core,target}/**/*.ts', 'sql/migrations/*.sql'], { cwd: root });
  const words = new Set(
    files.flatMap((file) => readFileSync(root + file, 'utf8').match(/\b[a-z_][a-z0-9_]*\b/g) ?? []),
  );
  const [found] = await sql.unsafe<[Catalogue]>(catalogueSql, [[...words]]);
  return found;
}

const catalogueSql = `
WITH word AS (SELECT jsonb_array_elements_text($1::jsonb) AS name)
SELECT
  (SELECT jsonb_agg(jsonb_build_object('name', proname, 'variadic', provariadic <> 0, 'set', proretset, 'result', format_type(prorettype, NULL),
     'arguments', (SELECT coalesce(jsonb_agg(format_type(t, NULL) ORDER BY n), '[]') FROM unnest(proargtypes) WITH ORDINALITY AS a (t, n))))
   FROM pg_proc JOIN word ON name = proname WHERE pronamespace = 'pg_catalog'::regnamespace) AS functions,
  (SELECT jsonb_agg(jsonb_build_object('name', oprname, 'result', format_type(oprresult, NULL),
     'arguments', jsonb_build_array(format_type(oprleft, NULL), format_type(oprright, NULL)))) FROM pg_operator WHERE oprleft <> 0) AS operators,
  (SELECT jsonb_agg(typname) FROM pg_type JOIN word ON name = typname
   WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typcategory <> 'A') AS types,
  (SELECT jsonb_agg(jsonb_build_object('name', relname, 'columns',
     (SELECT jsonb_agg(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND atttypid <> 'anyarray'::regtype)))
   FROM pg_class c JOIN word ON name = relname
   WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')) AS relations,
  (SELECT jsonb_object_agg(target, sources) FROM (
     SELECT format_type(casttarget, NULL) AS target, jsonb_agg(format_type(castsource, NULL)) AS sources
     FROM pg_cast WHERE castcontext = 'i' AND castsource <> casttarget GROUP BY casttarget) AS of_target) AS casts`;
