import { describe, expect, test } from 'vitest';
import { dumpNamed, readDump } from './read-dump.ts';

const mysql = (body: string) => `-- MySQL dump 10.13\n${body}\n-- Dump completed on 2026-11-20  2:00:00\n`;
const postgres = (body: string) =>
  `--\n-- PostgreSQL database dump\n--\n\n${body}\n\n--\n-- PostgreSQL database dump complete\n--\n\n`;
const rows = "INSERT INTO t (id, name) VALUES (1,'a'),(2,NULL);";

describe('what MariaDB wrote', () => {
  const names = ['id', 'name', 'price', 'key', 'since', 'picture', 'flags', 'weight'];
  const odd = 'it\'s "two"\\ with\ttab, and\nlines; DROP TABLE products; -- no';

  test('with bytes in hexadecimal and the columns named', async () => {
    const found = await readDump(dumpNamed('mariadb-hex-blob'));
    expect(found).toEqual({
      header: names,
      rows: [
        ['1', 'one', '1.00', 'k1.00', '2026-11-20 10:00:00', null, '\\x05', '1.5'],
        ['2', odd, '-2.50', 'k-2.50', '0000-00-00 00:00:00', '\\x00ff27225c0a1a', null, '1e30'],
        ['3', 'größe €𝄞 %_', null, null, null, '', '\\x00', '-0.001'],
        ['4', '', '4.00', 'k4.00', null, '\\x74657874', null, null],
        ['5', "/*!50000 not a comment */ `x` '; # -- ", '5.00', 'k5.00', null, null, null, null],
      ],
      rejects: [],
      notes: [
        'statements left out: 33 SET, 1 DROP TABLE, 1 CREATE TABLE, 1 LOCK TABLES, 2 ALTER TABLE, 1 UNLOCK TABLES, 1 DELIMITER',
      ],
    });
  });

  test('with bytes as they are, of a database with other tables, views and triggers', async () => {
    await expect(readDump(dumpNamed('mariadb-dump'))).rejects.toMatchObject({
      name: 'SQL_TABLE',
      message: expect.stringContaining('several tables, "customers", "products"'),
    });
    const found = await readDump(dumpNamed('mariadb-dump'), { table: 'products' });
    expect(found.header).toEqual(names);
    expect(found.rows.map(([id]) => id)).toEqual(['1', '2', '3', '4', '5']);
    expect(found.rows[1]![1]).toBe(odd);
    expect(found.rejects).toEqual([
      [1, 'NUL_BYTE'],
      [2, 'NUL_BYTE'],
    ]);
  });

  test('of a table before others', async () => {
    const found = await readDump(dumpNamed('mariadb-dump'), { table: 'customers' });
    expect(found.rows).toEqual([['1', 'somebody; -- else']]);
    expect(found.notes.at(-1)).toBe('5 row(s) of other tables left out');
  });

  test('without comments, so that nothing says its dialect or its end', async () => {
    const dump = dumpNamed('mariadb-compact');
    await expect(readDump(dump)).rejects.toHaveProperty('name', 'SQL_DIALECT');
    await expect(readDump(dump, { dialect: 'mysql' })).rejects.toHaveProperty('name', 'SQL_INCOMPLETE');
    const found = await readDump(dump, { dialect: 'mysql', allow_missing_end: true });
    expect(found.rows.length).toBe(5);
  });

  test('however its bytes come', async () => {
    const whole = await readDump(dumpNamed('mariadb-dump'), { table: 'products' }, 1e6);
    for (const size of [1, 7, 64])
      expect(await readDump(dumpNamed('mariadb-dump'), { table: 'products' }, size)).toEqual(whole);
  });

  test('is refused when it is cut, wherever that is', async () => {
    for (const name of ['mariadb-dump', 'mariadb-hex-blob']) {
      const dump = dumpNamed(name);
      const end = dump.lastIndexOf('-- Dump completed');
      for (let length = 0; length < end; length += 7)
        await expect(
          readDump(dump.subarray(0, length), { table: 'products' }, 1e6),
          String(length),
        ).rejects.toHaveProperty('state', 'refused');
    }
  });
});

test.each<[about: string, dump: string, values: (string | null)[]]>([
  ['MySQL numbers', mysql('INSERT INTO t (id,a,b,c) VALUES (-1,+2.50,.5,1e400);'), ['-1', '+2.50', '.5', '1e400']],
  ['constants', mysql('INSERT INTO t (id,a,b) VALUES (TRUE,false,NULL);'), ['true', 'false', null]],
  [
    'MySQL escapes',
    mysql(`INSERT INTO t (id,a) VALUES ('\\'\\"\\b\\n\\r\\t\\Z\\\\\\%\\_\\q',"a""b'c");`),
    ['\'"\b\n\r\t\x1a\\\\%\\_q', 'a"b\'c'],
  ],
  [
    'MySQL hexadecimal',
    mysql("INSERT INTO t (id,a,b,c) VALUES (0xAb,0xF,x'0F',_binary '\xe9\\0');"),
    ['\\xab', '\\x0f', '\\x0f', '\\xc3a900'],
  ],
  ['MySQL bits', mysql("INSERT INTO t (id) VALUES (b'0101');"), ['0101']],
  ['MySQL introducers', mysql("INSERT INTO t (id,a) VALUES (_utf8mb4 'a',N'b');"), ['a', 'b']],
  ['doubled quotes', postgres("INSERT INTO t (id,a) VALUES ('it''s','\\n');"), ["it's", '\\n']],
  [
    'E strings',
    postgres(`INSERT INTO t (id) VALUES (E'a''b\\'\\n\\t\\\\\\x41\\101\\u20ac\\U0001d11e\\v');`),
    ["a'b'\n\t\\AA€𝄞v"],
  ],
  ['an identity column', postgres('INSERT INTO public.t (id) OVERRIDING SYSTEM VALUE VALUES (1);'), ['1']],
  [
    'no names, but CREATE TABLE',
    postgres(
      'CREATE TABLE public.t (id bigint, "A b" text, CONSTRAINT x CHECK ((id > 1)));\nINSERT INTO public.t VALUES (1, \'x\');',
    ),
    ['1', 'x'],
  ],
  [
    'COPY',
    postgres('COPY public.t (id, a, b, c) FROM stdin;\n1\t\\N\t\ta\\tb\\\\\\n\\x41\\101\\b\n\\.\n'),
    ['1', null, '', 'a\tb\\\nAA\b'],
  ],
  ['COPY with CRLF', postgres('COPY t (id, a) FROM stdin;\r\n1\tx\r\n\\.\r\n'), ['1', 'x']],
  ['names in quotes', mysql('INSERT INTO `shop`.`t` (`id`,`a``b`) VALUES (1,2);'), ['1', '2']],
  [
    'comments anywhere between statements',
    postgres(`/* a /* nested */ comment; */ -- INSERT\n${rows.replace('),(2,NULL', '')}`),
    ['1', 'a'],
  ],
  [
    'comments of MySQL',
    mysql(`# one\n-- two\n/* three; */ /*!40000 ALTER TABLE t DISABLE KEYS */;\n${rows.replace('),(2,NULL', '')}`),
    ['1', 'a'],
  ],
  [
    'a statement within a string',
    postgres("INSERT INTO t (id) VALUES ('a;\nDROP TABLE t; --');"),
    ['a;\nDROP TABLE t; --'],
  ],
  ['lines that guard psql', postgres(`\\restrict aB3\n\nINSERT INTO t (id) VALUES (1);\n\n\\unrestrict aB3`), ['1']],
  [
    'a function',
    postgres(
      'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$ DELETE FROM t; $_$;\nINSERT INTO t (id) VALUES (1);',
    ),
    ['1'],
  ],
])('%s', async (_about, dump, values) => {
  const { header, rows, rejects } = await readDump(dump);
  expect(header[0]).toBe('id');
  expect(rows).toEqual([values]);
  expect(rejects).toEqual([]);
});

test.each<[about: string, dump: string, name: string]>([
  ['UPDATE', mysql(`${rows}UPDATE t SET name = 'x';`), 'SQL_STATEMENT'],
  ['DELETE', postgres(`${rows}DELETE FROM t;`), 'SQL_STATEMENT'],
  ['REPLACE', mysql('REPLACE INTO t (id) VALUES (1);'), 'SQL_STATEMENT'],
  ['TRUNCATE', postgres(`${rows}TRUNCATE t;`), 'SQL_STATEMENT'],
  ['INSERT IGNORE', mysql('INSERT IGNORE INTO t (id) VALUES (1);'), 'SQL_STATEMENT'],
  ['INSERT from SELECT', mysql('INSERT INTO t (id) SELECT 1;'), 'SQL_STATEMENT'],
  ['ON DUPLICATE KEY', mysql('INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE id = 2;'), 'SQL_STATEMENT'],
  ['ON CONFLICT', postgres('INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING;'), 'SQL_STATEMENT'],
  ['RETURNING', postgres('INSERT INTO t (id) VALUES (1) RETURNING id;'), 'SQL_STATEMENT'],
  ['a function', mysql('INSERT INTO t (id) VALUES (now());'), 'SQL_STATEMENT'],
  ['an expression', mysql('INSERT INTO t (id) VALUES (1+1);'), 'SQL_STATEMENT'],
  ['texts put together', postgres("INSERT INTO t (id) VALUES ('a' 'b');"), 'SQL_STATEMENT'],
  ['a cast', postgres("INSERT INTO t (id) VALUES ('1'::text);"), 'SQL_STATEMENT'],
  ['DEFAULT in a column that is read', postgres('INSERT INTO t (id) VALUES (DEFAULT);'), 'SQL_STATEMENT'],
  ['CREATE TABLE with rows', mysql('CREATE TABLE t (id int) SELECT 1 AS id;'), 'SQL_STATEMENT'],
  ['CREATE TABLE AS', postgres('CREATE TABLE t AS TABLE other;'), 'SQL_STATEMENT'],
  ['a column that is dropped', mysql(`${rows}ALTER TABLE t DROP COLUMN name;`), 'SQL_STATEMENT'],
  ['a table that is dropped behind its rows', mysql(`${rows}DROP TABLE t;`), 'SQL_STATEMENT'],
  ['a SELECT that may do anything', postgres(`${rows}SELECT f();`), 'SQL_STATEMENT'],
  ['a command for psql', postgres(`${rows}\n\\i other.sql\n`), 'SQL_STATEMENT'],
  ['a statement that hides in a comment of MySQL', mysql(`${rows}/*!50000 DELETE FROM t */;`), 'SQL_STATEMENT'],
  ['one behind DELIMITER', mysql(`${rows}\nDELIMITER ;;\nDELETE FROM t;;\nDELIMITER ;\n`), 'SQL_STATEMENT'],
  ['COPY of another form', postgres('COPY t (id) FROM stdin WITH (FORMAT csv);\n1\n\\.\n'), 'SQL_STATEMENT'],
  ['backslashes as escapes', postgres(`SET standard_conforming_strings = off;\n${rows}`), 'SQL_STATEMENT'],
  ['no backslashes as escapes', mysql(`SET sql_mode = 'NO_BACKSLASH_ESCAPES';\n${rows}`), 'SQL_STATEMENT'],
  ['rows of other columns', mysql(`${rows}INSERT INTO t (name, id) VALUES ('b', 3);`), 'HEADER_MISMATCH'],
  ['no names and no CREATE TABLE', mysql('INSERT INTO t VALUES (1);'), 'SQL_COLUMNS'],
  ['two tables', mysql(`${rows}INSERT INTO u (id) VALUES (1);`), 'SQL_TABLE'],
  ['no table', mysql('SET NAMES utf8mb4;'), 'SQL_TABLE'],
  ['another encoding of MySQL', mysql(`SET NAMES latin1;\n${rows}`), 'ENCODING'],
  ['another encoding of PostgreSQL', postgres(`SET client_encoding = 'LATIN1';\n${rows}`), 'ENCODING'],
  ['nothing that says the dialect', rows, 'SQL_DIALECT'],
  ['what is no dump', '<html><body>Not found</body></html>\n', 'SQL_DIALECT'],
  ['no end', mysql(rows).replace(/-- Dump completed.*\n/, ''), 'SQL_INCOMPLETE'],
  [
    'the end within a string only',
    postgres(rows.replace("'a'", "'\n-- PostgreSQL database dump complete\n'")).replace(
      /--\n-- PostgreSQL database dump complete\n--\n\n$/,
      '',
    ),
    'SQL_INCOMPLETE',
  ],
  ['a table that is made anew behind its rows', mysql(`${rows}CREATE OR REPLACE TABLE t (id int);`), 'SQL_STATEMENT'],
  ['tables that are dropped behind their rows', mysql(`${rows}DROP TABLES u, t;`), 'SQL_STATEMENT'],
  [
    'a column that is dropped behind a key',
    mysql(`${rows}ALTER TABLE t ADD PRIMARY KEY (id), DROP COLUMN name;`),
    'SQL_STATEMENT',
  ],
  [
    'a column of another type behind a default',
    postgres(`${rows}ALTER TABLE t ALTER COLUMN id SET DEFAULT 1, ALTER COLUMN name TYPE integer;`),
    'SQL_STATEMENT',
  ],
  ['a transaction that never ends', mysql(`START TRANSACTION;\n${rows}`), 'SQL_INCOMPLETE'],
  ['a database that is dropped behind its rows', mysql(`${rows}DROP DATABASE shop;`), 'SQL_STATEMENT'],
  ['a table of two databases', mysql(`USE a;\n${rows}USE b;\n${rows}`), 'SQL_TABLE'],
  [
    'a table of two schemas',
    postgres(`SET search_path = a, pg_catalog;\n${rows}SET search_path = b;\n${rows}`),
    'SQL_TABLE',
  ],
  ['two dumps in one', mysql(rows) + mysql(rows), 'SQL_INCOMPLETE'],
  ['a string that never ends', mysql(rows.replace("'a'", "'a")), 'SQL_UNREADABLE'],
  ['a comment that never ends', postgres(`${rows}/* /* */`), 'SQL_UNREADABLE'],
  ['COPY that never ends', postgres('COPY t (id) FROM stdin;\n1\n'), 'SQL_UNREADABLE'],
  ['a row without its end', mysql(rows.replace(');', '')), 'SQL_STATEMENT'],
])('%s is refused', async (_about, dump, name) => {
  for (const size of [1, 1000]) await expect(readDump(dump, {}, size)).rejects.toMatchObject({ name });
});

test('what phpMyAdmin writes, which ends with its transaction', async () => {
  const dump = `-- phpMyAdmin SQL Dump
-- version 5.2.1

SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
START TRANSACTION;
SET time_zone = "+00:00";

/*!40101 SET NAMES utf8mb4 */;

CREATE TABLE \`t\` (
  \`id\` int(11) NOT NULL,
  \`name\` varchar(20) DEFAULT NULL
) ENGINE=InnoDB;

INSERT INTO \`t\` (\`id\`, \`name\`) VALUES
(1, 'it''s'),
(2, NULL);

ALTER TABLE \`t\`
  ADD PRIMARY KEY (\`id\`);
ALTER TABLE \`t\`
  MODIFY \`id\` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=3;
COMMIT;
`;
  await expect(readDump(dump)).rejects.toHaveProperty('name', 'SQL_INCOMPLETE');
  const found = await readDump(dump, { allow_missing_end: true });
  expect(found.rows).toEqual([
    ['1', "it's"],
    ['2', null],
  ]);
  const cut = dump.slice(0, dump.indexOf('COMMIT'));
  await expect(readDump(cut, { allow_missing_end: true })).rejects.toHaveProperty('name', 'SQL_INCOMPLETE');
});

test('rows that are none are rejected, and those around them read', async () => {
  const found = await readDump(mysql("INSERT INTO t (id, name) VALUES (1,'a'),(2),(3,'b','c'),(4,'d');"));
  expect([found.rows[0], found.rows[3]]).toEqual([
    ['1', 'a'],
    ['4', 'd'],
  ]);
  expect(found.rejects).toEqual([
    [1, 'FIELD_COUNT'],
    [2, 'FIELD_COUNT'],
  ]);
  const copied = await readDump(postgres('COPY t (id, name) FROM stdin;\n1\ta\n2\n3\tb\rc\n4\td\n\\.\n'));
  expect(copied.rejects).toEqual([
    [1, 'FIELD_COUNT'],
    [2, 'SYNTAX'],
  ]);
});

test('the feed file says what the dump does not', async () => {
  const named = await readDump(mysql('INSERT INTO t VALUES (1,2);'), { columns: ['id', 'n'] });
  expect(named.header).toEqual(['id', 'n']);
  const two = mysql(`${rows}INSERT INTO b.u (id) VALUES (7);`);
  expect((await readDump(two, { table: 'u' })).rows).toEqual([['7']]);
  expect((await readDump(two, { table: 'b.u' })).rows).toEqual([['7']]);
  await expect(readDump(two, { table: 'v' })).rejects.toMatchObject({ message: expect.stringContaining('"t", "b.u"') });
  await expect(readDump(mysql(rows), { dialect: 'postgres' })).rejects.toHaveProperty('name', 'SQL_DIALECT');
  const latin = Buffer.from(mysql(`SET NAMES latin1;\nINSERT INTO t (id) VALUES ('\xe9');`), 'latin1');
  expect((await readDump(latin, { encoding: 'windows-1252' })).rows).toEqual([['é']]);
  const cyrillic = Buffer.concat([
    Buffer.from("-- PostgreSQL database dump\nSET client_encoding = 'WIN1251';\nINSERT INTO t (id) VALUES ('"),
    Buffer.from([0xc4]),
    Buffer.from("');\n-- PostgreSQL database dump complete\n"),
  ]);
  expect((await readDump(cyrillic, { encoding: 'windows-1251' })).rows).toEqual([['Д']]);
  const generated = postgres('INSERT INTO t (id, twice) VALUES (1, DEFAULT);');
  expect((await readDump(generated)).rows).toEqual([['1', null]]);
});

test('a table without rows has the columns that it was created with', async () => {
  const found = await readDump(mysql('CREATE TABLE `t` (`id` int, `key` text, KEY `x` (`key`));'));
  expect(found).toMatchObject({ header: ['id', 'key'], rows: [] });
});

describe('bits', () => {
  const types = { id: { type: 'text', key: true }, n: 'integer', d: 'double', s: 'text' };
  const row = (...values: string[]) => `INSERT INTO t (id, n, d, s) VALUES ('1',${values.join(',')});`;

  test.each([
    ['mysql', mysql],
    ['postgres', postgres],
  ])('of %s are counted in twos where a number is read, and digits elsewhere', async (_dialect, dump) => {
    const found = await readDump(dump(row("b'101'", "B'0010'", "b'101'")), {}, 1000, types);
    expect(found.rows).toEqual([['1', '5', '2', '101']]);
    const wide = await readDump(dump(row(`b'${'1'.repeat(64)}'`, "b''", "b''")), {}, 1000, types);
    expect(wide.rows).toEqual([['1', '18446744073709551615', '', '']]);
  });
});

describe('bits in lines of COPY', () => {
  const columns = { id: { type: 'text', key: true }, n: 'integer' };
  const copy = (type: string) =>
    postgres(`CREATE TABLE t (id text, n ${type}, CHECK (n <> B'1'));\nCOPY t (id, n) FROM stdin;\n1\t0101\n\\.\n`);

  test.each(['bit(4)', 'bit varying(8)', 'bit varying', 'varbit'])(
    'a %s is refused for a number, and is its digits elsewhere',
    async (type) => {
      await expect(readDump(copy(type), {}, 1000, columns)).rejects.toMatchObject({
        name: 'COLUMN_TYPE',
        message: expect.stringMatching(/^the column "n" is of bits, .*declare text/),
      });
      const asText = await readDump(copy(type), {}, 1000, { ...columns, n: 'text' });
      expect(asText.rows).toEqual([['1', '0101']]);
    },
  );

  test('digits of other types are numbers', async () => {
    expect((await readDump(copy('integer'), {}, 1000, columns)).rows).toEqual([['1', '0101']]);
  });
});

describe('rows that a dump keeps under the names of other tables', () => {
  const own = 'CREATE TABLE public.t (id bigint, name text)';
  const part = 'CREATE TABLE public.t_1 (id bigint, name text)';
  const copied = (table: string, ...lines: string[]) =>
    `COPY public.${table} (id, name) FROM stdin;\n${lines.map((line) => `${line}\n`).join('')}\\.\n`;
  const attach = 'ALTER TABLE ONLY public.t ATTACH PARTITION public.t_1 FOR VALUES FROM (0) TO (10);';
  const read = (body: string) => readDump(postgres(body), { table: 't' });

  test.each([
    ['its partitions', `${own} PARTITION BY RANGE (id);\n${part};\n${attach}\n${copied('t_1', '1\ta')}`],
    ['partitions that are attached later', `${own};\n${part};\n${copied('t_1', '1\ta')}${attach}\n`],
    [
      'partitions made as such',
      `${own};\nCREATE TABLE public.t_1 PARTITION OF public.t DEFAULT;\n${copied('t_1', '1\ta')}`,
    ],
    ['heirs', `${own};\n${part}\nINHERITS (public.other, public.t);\n${copied('t', '2\tb')}${copied('t_1', '1\ta')}`],
    [
      'later heirs',
      `${own};\n${part};\nALTER TABLE public.t_1 INHERIT public.t;\n${copied('t', '2\tb')}${copied('t_1', '1\ta')}`,
    ],
    [
      'partitions of partitions',
      `${own};\n${part} PARTITION BY LIST (id);\n${attach}\nCREATE TABLE public.t_1_a PARTITION OF public.t_1 DEFAULT;\n${copied('t_1_a', '1\ta')}`,
    ],
  ])('%s refuse the dump', async (_about, body) => {
    await expect(read(body)).rejects.toMatchObject({
      name: 'SQL_TABLE',
      message: expect.stringMatching(/^rows of "public\.t" are in .* "public\.t_1(_a)?", and would be left out$/),
    });
  });

  test('none there, all under the own name, and those of a table beside it, are taken', async () => {
    const parts = `${own} PARTITION BY RANGE (id);\n${part};\n${attach}\n`;
    expect((await read(`${parts}${copied('t')}${copied('t_1')}`)).rows).toEqual([]);
    expect((await read(`${parts}${copied('t', '1\ta')}`)).rows).toEqual([['1', 'a']]);
    const heir = `${own} INHERITS (public.base);\nCREATE TABLE public.base (id bigint);\n`;
    expect((await read(`${heir}${copied('t', '1\ta')}${copied('base', '1\tb')}`)).rows).toEqual([['1', 'a']]);
    expect((await readDump(postgres(`${parts}${copied('t_1', '1\ta')}`), { table: 't_1' })).rows).toEqual([['1', 'a']]);
  });
});
