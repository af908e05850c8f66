import type postgres from 'postgres';

/** The ledger as PostgreSQL's catalog has it, as SQL that a person can read; the same on every version. */
export function ledgerSchema(sql: postgres.Sql): Promise<string> {
  return sql.begin(async (transaction) => {
    // PostgreSQL leaves out a schema that is on the path.
    await transaction`SET LOCAL search_path = ''`;
    return describe(transaction);
  }) as Promise<string>;
}

async function describe(sql: postgres.TransactionSql): Promise<string> {
  const tables = await sql<{ name: string; columns: string; constraints: string }[]>`
    SELECT c.relname AS name,
      (SELECT string_agg(format('  %s %s%s%s%s', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attidentity <> '' THEN ' GENERATED ALWAYS AS IDENTITY' END,
          CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)), E',\n' ORDER BY a.attnum)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      coalesce((SELECT string_agg(format(E',\n  CONSTRAINT %s %s', quote_ident(k.conname), pg_get_constraintdef(k.oid)), '' ORDER BY k.conname)
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n'), '') AS constraints
    FROM pg_class c WHERE c.relnamespace = 'nightfeed'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`;
  const views = await sql<{ text: string }[]>`
    SELECT format(E'CREATE VIEW nightfeed.%s AS\n%s', c.relname, pg_get_viewdef(c.oid)) AS text
    FROM pg_class c WHERE c.relnamespace = 'nightfeed'::regnamespace AND c.relkind = 'v' ORDER BY c.relname`;
  const grants = await sql<{ text: string }[]>`
    SELECT format('GRANT %s ON nightfeed.%s TO PUBLIC;', acl.privilege_type, c.relname) AS text
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) acl
    WHERE c.relnamespace = 'nightfeed'::regnamespace AND acl.grantee = 0 ORDER BY c.relname, acl.privilege_type`;
  const indexes = await sql<{ text: string }[]>`
    SELECT pg_get_indexdef(i.indexrelid) AS text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'nightfeed'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    ORDER BY c.relname`;
  const policies = await sql<{ text: string }[]>`
    SELECT format('CREATE POLICY %s ON nightfeed.%s USING (%s)%s;', quote_ident(p.polname), c.relname, pg_get_expr(p.polqual, p.polrelid),
      ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS text
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = 'nightfeed'::regnamespace AND c.relrowsecurity ORDER BY c.relname, p.polname`;
  const triggers = await sql<{ text: string }[]>`
    SELECT pg_get_triggerdef(t.oid) AS text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'nightfeed'::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname`;
  const functions = await sql<{ text: string; public: boolean; name: string }[]>`
    SELECT pg_get_functiondef(p.oid) AS text, p.oid::regprocedure::text AS name, has_function_privilege('public', p.oid, 'EXECUTE') AS public
    FROM pg_proc p WHERE p.pronamespace = 'nightfeed'::regnamespace ORDER BY p.proname`;
  return [
    'CREATE SCHEMA nightfeed;\nCREATE SCHEMA nightfeed_stage;',
    ...tables.map(({ name, columns, constraints }) => `CREATE TABLE nightfeed.${name} (\n${columns}${constraints}\n);`),
    // PostgreSQL 15 writes the table before each column, later versions do not.
    ...views.map(({ text }) => text.replace(/(?<=[\s(])(?!nightfeed\.)\w+\.(?=\w)/g, '')),
    grants.map(({ text }) => text).join('\n'),
    indexes.map(({ text }) => `${text};`).join('\n'),
    policies.map(({ text }) => text).join('\n'),
    triggers.map(({ text }) => `${text};`).join('\n'),
    ...functions.map(
      (each) => `${each.text.trim()};${each.public ? '' : `\nREVOKE ALL ON FUNCTION ${each.name} FROM PUBLIC;`}`,
    ),
    '',
  ].join('\n\n');
}
