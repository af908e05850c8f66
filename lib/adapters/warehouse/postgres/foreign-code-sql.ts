/**
 * Whether the role of a row of pg_roles has the rights of our own one, `us`, in any case: it owns nothing then that could give
 * it more. Before PostgreSQL 16 who may create roles can make itself a member of any but a superuser.
 */
export const mayActAsUs = (role: string, us: string) =>
  `(pg_has_role(${role}.oid, ${us}.oid, 'MEMBER')
    OR (${role}.rolcreaterole AND NOT ${us}.rolsuper AND current_setting('server_version_num')::integer < 160000))`;

/**
 * Functions, operators and types that are not PostgreSQL's own and that a write of these relations calls: by a trigger, a rule,
 * a policy, a default, a generated column, a constraint, an index or the type of a column. `relations` is a table with their
 * `oid`; selects relation, what and owner. PostgreSQL notes no dependency on what it brings along.
 */
export const foreignCode = (relations: string) => `
SELECT DISTINCT part.relation, pg_describe_object(u.refclassid, u.refobjid, 0) AS what, coalesce(p.proowner, o.oprowner, y.typowner) AS owner
FROM (
  SELECT oid AS relation, 'pg_class'::regclass::oid AS classid, oid AS objid FROM ${relations}
  UNION ALL
  SELECT r.oid, d.classid, d.objid FROM ${relations} AS r
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.deptype IN ('a', 'i')
) AS part
JOIN pg_depend u ON u.classid = part.classid AND u.objid = part.objid
LEFT JOIN pg_proc p ON u.refclassid = 'pg_proc'::regclass AND p.oid = u.refobjid
LEFT JOIN pg_operator o ON u.refclassid = 'pg_operator'::regclass AND o.oid = u.refobjid
LEFT JOIN pg_type y ON u.refclassid = 'pg_type'::regclass AND y.oid = u.refobjid
WHERE coalesce(p.oid, o.oid, y.oid) IS NOT NULL`;
