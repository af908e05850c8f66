import { expect, test } from 'vitest';
import { anyOf } from '../../lib/core/any-of.ts';
import { formats } from '../../lib/formats/index.ts';
import { complaintsOf, good } from './complaints.ts';

const dates =
  'dates are {date}, {yyyymmdd}, {ddmmyyyy}, {yymmdd}, {yyyy}, {mm}, {dd}, and {date:…} with YYYY, YY, MONTH, Month, month, MON, Mon, mon, MM, M, DD, D and what is between them, such as {date:DD-MON-YYYY}';
const types =
  'expected one of text, smallint, integer, bigint, real, double, boolean, date, timestamp, timestamptz, time, interval, uuid, bytea, json, jsonb, citext, varchar(n), decimal(p,s) with p up to 38, enum(schema.name), or an array of text, smallint, integer, bigint, boolean, date, uuid, varchar(n) or decimal(p,s), such as text[]';
const moments =
  'expected a year (YYYY, YY), a month (MM, M, MON, MONTH) and a day (DD, D), its weekday (DAY, DY) if it is there, for a time of day HH or H, MI, SS, FF, AM and TZ too, or alone, such as DD/MM/YYYY or "D MON YYYY HH:MI[:SS]"';
const percentage = 'expected a percentage from 0% to 100%';
const goneLimit = `${percentage}, or options limit, severity, learned, people`;
const range = 'expected two percentages, the lower first, such as [-20%, +50%], or options limit, severity, learned';

/** A piece of the good feed, what is written in its place, and the whole complaint. */
test.each<readonly [piece: string, fault: string, complaint: string]>([
  [
    '{type: bigint, key: true}',
    '{type: number, key: true}',
    `8: tables.items.columns.id.type: ${types}; did you mean decimal(p,s)?, received "number"`,
  ],
  [
    'name: text',
    'name: varchar',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare; did you mean text?, received "varchar"`,
  ],
  [
    'name: text',
    'name: "decimal(50,2)"',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare, received "decimal(50,2)"`,
  ],
  [
    'name: text',
    'name:',
    `9: tables.items.columns.name: ${types}, or {type: …} with key, required or compare, received nothing`,
  ],
  [
    'name: text',
    'name: {type: text, requird: true}',
    '9: tables.items.columns.name.requird: expected one of type, key, required, compare, from, may_be_absent, date_format, pivot, months, weekdays, epoch, timezone, scale, true_words, false_words, odd_times, values, bytes, separator, decimal, thousands, grouping, percent, currency, negative, trim, replace, nulls, as, min, max, pattern, in, check, unique, references, on_fail, rules, contains_records, store, received "requird"',
  ],
  [
    'name: text\n',
    'name: text\n      Na me: text\n    format: {header_names: lenient}\n',
    '10: tables.items.columns.Na me: another column has this name but for case and blanks',
  ],
  [
    'name: text',
    'name: {type: date, date_format: DD/MM/YY}',
    '9: tables.items.columns.name.date_format: YY needs pivot beside it, such as pivot: 1970: the first of the hundred years that it can mean',
  ],
  [
    'name: text',
    'name: {type: text, date_format: DD/MM/YYYY}',
    '9: tables.items.columns.name.date_format: this is not for text',
  ],
  ...(
    [
      ['{type: text, values: [a]}', 'values', 'this is not for text'],
      ['{type: enum(shop.state)}', 'values', 'an enum needs the list of its values'],
      [
        '{type: "enum(shop.state)", as: "lower(\'NEW\')"}',
        'as',
        'character 1: no expression makes enum(shop.state); declare text, or take the value from the file',
      ],
      ['{type: citext, key: true}', 'type', 'citext cannot be a key'],
      ['{type: "text[]", key: true}', 'type', 'text[] cannot be a key'],
      ['{type: text, separator: "|"}', 'separator', 'this is not for text'],
      ['{type: "date[]", date_format: DD/MM/YYYY}', 'date_format', 'this is not for date[]'],
      ['{type: text, decimal: ","}', 'decimal', 'this is not for text'],
      ['{type: integer, decimal: ","}', 'decimal', 'this is not for integer'],
      ['{type: double, decimal: ";"}', 'decimal', 'expected "." or ",", received ";"'],
      ['{type: double, thousands: "."}', 'thousands', '"." is the decimal mark already; say decimal: "," beside it'],
      ['{type: double, thousands: ";"}', 'thousands', `expected one of ".", ",", "'", " " and "_", received ";"`],
      ['{type: bigint, grouping: indian}', 'grouping', 'say thousands: "," beside it, the mark between the groups'],
      [
        '{type: bigint, percent: fraction}',
        'percent',
        'the fractions are no whole numbers; give the column a decimal type, or say percent: number',
      ],
      ['{type: double, percent: number, currency: $}', 'percent', 'percent and currency do not go together'],
      ['{type: double, currency: [""]}', 'currency', 'expected a symbol beside "", received a list'],
      [
        '{type: double, currency: "-€"}',
        'currency',
        'expected symbols of up to 10 characters without digits, signs, parentheses and blanks at their ends, such as "€", or a list of them, received "-€"',
      ],
      ['{type: date, negative: behind}', 'negative', 'this is not for date'],
      [
        '{type: date, date_format: dd.MM.yyyy}',
        'date_format',
        `${moments}; did you mean YYYY where it says yyyy?, received "dd.MM.yyyy"`,
      ],
      [
        '{type: date, date_format: DD-MMM-YYYY}',
        'date_format',
        `${moments}; did you mean MON where it says MMM?, received "DD-MMM-YYYY"`,
      ],
      [
        '{type: timestamp, date_format: "DD.MM.YYYY HH24:MI"}',
        'date_format',
        `${moments}; did you mean HH where it says HH24?, received "DD.MM.YYYY HH24:MI"`,
      ],
      ['{type: timestamp, date_format: "DD.MM.YYYY HH:MI:SS:SS"}', 'date_format', 'the second is there twice'],
      ['{type: time, date_format: DD/MM/YYYY}', 'date_format', 'a time has no day: give HH or H, MI, SS, FF and AM'],
      ['{type: time, date_format: "HH:MI TZ"}', 'date_format', 'TZ is for timestamptz, because a time has no zone'],
      ['{type: date, date_format: HHMISS}', 'date_format', 'a date needs a day too; a time of day alone is a time'],
      ['{type: time, date_format: "MI:SS"}', 'date_format', 'the minute needs the hour beside it'],
      [
        '{type: time, date_format: "hh:mm a"}',
        'date_format',
        `${moments}; did you mean HH where it says hh?, received "hh:mm a"`,
      ],
      ['{type: time, epoch: s}', 'epoch', 'this is not for time'],
      ['{type: timestamp, date_format: "DD.MM.YYYY MI"}', 'date_format', 'the minute needs the hour beside it'],
      [
        '{type: timestamp, date_format: "DD.MM.YYYY HH[:MI]"}',
        'date_format',
        'the minute cannot stand within [ ]; SS, FF, TZ, DY and DAY can',
      ],
      ['{type: timestamp, date_format: "DD.MM.YYYY HH:MI[:SS"}', 'date_format', '[ has no ] behind it'],
      ['{type: date, date_format: YYYYMDD}', 'date_format', 'the month needs something behind it that is no digit'],
      ['{type: date, date_format: D-M-YYYY, pivot: 1970}', 'pivot', 'is for a date_format with YY'],
      ['{type: date, date_format: D-M-YYYY, months: de}', 'months', 'is for a date_format with MON or MONTH'],
      ['{type: date, date_format: D-M-YYYY, weekdays: de}', 'weekdays', 'is for a date_format with DY or DAY'],
      ['{type: date, date_format: "DY DAY D-M-YYYY"}', 'date_format', 'the weekday is there twice'],
      [
        '{type: date, date_format: "EEE, DD.MM.YYYY"}',
        'date_format',
        `${moments}; did you mean DY where it says EEE?, received "EEE, DD.MM.YYYY"`,
      ],
      [
        '{type: date, date_format: DY D-M-YYYY, weekdays: [Mo]}',
        'weekdays',
        'expected one of en, de, fr, es, it, pt, nl, or the names of the seven days from Monday on, received a list',
      ],
      [
        '{type: date, date_format: D-MON-YYYY, months: [Jan, Feb]}',
        'months',
        'expected one of en, de, fr, es, it, pt, nl, or the names of the twelve months from January on, received a list',
      ],
      [
        '{type: date, date_format: D-MON-YYYY, months: [a, b, c, d, e, f, g, h, i, j, k, A]}',
        'months',
        'expected names of which each means one month, received a list',
      ],
      [
        '{type: date, date_format: "D-M-YYYY HH:MI"}',
        'date_format',
        'a date has no time; if the file always has the same one, write it in quotes, such as DD.MM.YYYY" 00:00:00"',
      ],
      [
        '{type: timestamp, date_format: "D-M-YYYY HH:MI TZ"}',
        'date_format',
        'TZ is for timestamptz, because a timestamp has no zone',
      ],
      [
        '{type: timestamptz, date_format: "D-M-YYYY HH:MI"}',
        'date_format',
        'a timestamptz needs TZ, or timezone beside it, or the column has the type timestamp',
      ],
      ['{type: date, date_format: D-M-YYYY, epoch: s}', 'epoch', 'epoch and date_format do not go together'],
      [
        '{type: timestamptz, timezone: Europe/Berln}',
        'timezone',
        'expected an IANA time zone such as America/New_York, or {zone, gap, double}, received "Europe/Berln"',
      ],
      ['{type: timestamp, timezone: UTC}', 'timezone', 'this is not for timestamp'],
      [
        '{type: timestamptz, timezone: {zone: UTC, gap: earlier}}',
        'timezone.gap',
        'expected reject or later, received "earlier"',
      ],
      ['{type: timestamptz, timezone: UTC, epoch: s}', 'timezone', 'a count since 1970 says its zone already: UTC'],
      [
        '{type: timestamptz, timezone: UTC, odd_times: roll}',
        'timezone',
        'odd_times: roll is for times that say their zone',
      ],
      [
        '{type: timestamptz, timezone: UTC, date_format: "D.M.YYYY HH:MI TZ"}',
        'timezone',
        'TZ in date_format says the zone already',
      ],
      ['{type: bigint, epoch: s}', 'epoch', 'this is not for bigint'],
      ['{type: date, epoch: h}', 'epoch', 'expected s or ms or us, received "h"'],
    ] as const
  ).map(
    ([column, option, message]) =>
      ['name: text', `name: ${column}`, `9: tables.items.columns.name.${option}: ${message}`] as const,
  ),
  ['name: text', 'name: {type: bigint, scale: round}', '9: tables.items.columns.name.scale: this is not for bigint'],
  [
    'name: text',
    'name: {type: boolean, true_words: [Y]}',
    '9: tables.items.columns.name.true_words: true_words and false_words go together',
  ],
  [
    'name: text',
    'name: {type: boolean, true_words: [Y], false_words: [N, Y]}',
    '9: tables.items.columns.name.false_words: "Y" cannot mean both',
  ],
  ['items.csv', '"items_{mmddyyyy}.csv"', `6: tables.items.files: {mmddyyyy} is not a date; ${dates}`],
  [
    'items.csv',
    '"items_{n}.csv"',
    '6: tables.items.files: {n} counts generations, and pick: all takes every generation; expected pick: newest or only, or * for the number of a part',
  ],
  [
    'items.csv',
    '"items_{n}{yyyymmdd}.csv"\n    pick: newest',
    '6: tables.items.files: {n} takes all digits that stand together; expected something else behind it',
  ],
  ['items.csv', '"{n}_{n}"\n    pick: only', '6: tables.items.files: a name has one counter {n}'],
  [
    'items.csv',
    '"items_{mm}{dd}.csv"\n    pick: newest',
    '6: tables.items.files: a month without its year, or a day without its month, does not say which file is the newest',
  ],
  [
    'items.csv',
    'items.csv\n    pick: latest',
    '7: tables.items.pick: expected all or newest or only, received "latest"',
  ],
  ['key: true', 'key: "yes"', '8: tables.items.columns.id.key: expected true or false, received "yes"'],
  ['columns:', 'collapse: {newest: at}\n    columns:', '7: tables.items.collapse.newest: no column "at"'],
  [
    'columns:',
    'collapse: {newest: id}\n    columns:',
    '7: tables.items.collapse.newest: id is part of the key, and so the same in all versions of it',
  ],
  [
    'columns:',
    'collapse: {newest: name}\n    columns:',
    '7: tables.items.collapse.newest: name is text; expected a number, date, timestamp or timestamptz, of which the greatest is the newest',
  ],
  [
    'columns:',
    'collapse: {newest: at}\n    columns:\n      at: {type: date, store: false}',
    '7: tables.items.collapse.newest: at is not stored, so nobody could tell whether production has a newer version; remove its store: false',
  ],
  [
    ', key: true',
    '',
    '7: tables.items.columns: expected at least one column with key: true; or, where rows have none, `key: none` beside `columns`, received id, name',
  ],
  ['columns:', 'key: none\n    columns:', '7: tables.items.key: id is a key column; expected key: none or key columns'],
  [
    'columns:',
    'key: id\n    columns:',
    '7: tables.items.key: expected none; a key is `key: true` of its columns, received "id"',
  ],
  ...(
    [
      [
        'name: {type: text, compare: false}',
        '9: tables.items.columns.name.compare',
        'with key: none each value tells a row apart, so each is compared',
      ],
      [
        'name: {type: text, store: false}',
        '9: tables.items.columns.name.store',
        'with key: none each value tells a row apart, so each is stored',
      ],
      [
        '_copy: text',
        '9: tables.items.columns._copy',
        'with key: none this name is reserved for a column that nightfeed adds',
      ],
      [
        'name: {type: text, unique: true}',
        '5: tables.items.rules',
        'name.unique: what is unique can be the key: say key: true for it, without key: none',
      ],
      [
        'name: text\n    collapse: {newest: id}',
        '10: tables.items.collapse',
        'versions are those of a key, and rows have none: key: none',
      ],
      [
        'name: text\n    contract: {added: evolve}',
        '10: tables.items.contract.added',
        'with key: none other columns make other rows of all; expected added: refuse',
      ],
      [
        'name: text\n    contract: {missing: hold}',
        '10: tables.items.contract.missing',
        'with key: none other columns make other rows of all; expected missing: refuse',
      ],
    ] as const
  ).map(([fault, path, complaint]): [string, string, string] => [
    ', key: true}\n      name: text',
    `}\n      ${fault}\n    key: none`,
    `${path}: ${complaint}`,
  ]),
  ['bigint', 'json', '8: tables.items.columns.id.type: json cannot be a key'],
  ['key: true', 'key: true, compare: false', '8: tables.items.columns.id.compare: a key column is always compared'],
  [
    'key: true',
    'key: true, may_be_absent: true',
    '8: tables.items.columns.id.may_be_absent: a key column comes in every file',
  ],
  [
    'name: text',
    'name: {type: text, as: cast(id as text), may_be_absent: true}',
    '9: tables.items.columns.name.may_be_absent: a column with `as` is not in the file',
  ],
  [
    'name: text',
    '_loaded_at: date',
    '9: tables.items.columns._loaded_at: this name is reserved for a column that nightfeed adds',
  ],
  [
    'name: text',
    'xmin: text',
    '9: tables.items.columns.xmin: every table of PostgreSQL has a column xmin: choose another name, and add `from: xmin`',
  ],
  [
    'name: text',
    'name: {type: text, from: id}',
    '9: tables.items.columns.name.from: the column id is read from there too',
  ],
  [
    'name: text',
    'name: {type: text, from: {name: x}}',
    '9: tables.items.columns.name.from: expected the name in the file, or {name, nth}, received name',
  ],
  [
    'name: text',
    'name: {type: text, as: cast(id as text), from: x}',
    '9: tables.items.columns.name.from: a column with `as` is not in the file',
  ],
  ['name: text', 'ID: text', '9: tables.items.columns.ID: another column has this name but for upper and lower case'],
  ['  items:', '  Items:', '5: tables.Items: expected lower-case letters, digits and _, at most 40, received "Items"'],
])('%j → %j', (piece, fault, complaint) => {
  expect(complaintsOf(good.replace(piece, fault))).toBe(`feed.yaml:${complaint}`);
});

/** Lines after the good feed's nine, which are its table's, and the whole complaint. */
test.each<[lines: string, complaint: string]>([
  [`    retain_where: name = 'x'`, '10: tables.items.retain_where: is for tables with on_delete: delete'],
  [
    '    on_delete: delete\n    retain_where: price > 3',
    '11: tables.items.retain_where: character 1: no column "price"; the columns are id, name',
  ],
  ['    on_delete: drop', '10: tables.items.on_delete: expected retain or delete, received "drop"'],
  ['    guards: {gone: 0.05}', `10: tables.items.guards.gone: ${goneLimit}, received 0.05`],
  ['    guards: {gone: -5%}', `10: tables.items.guards.gone: ${goneLimit}, received "-5%"`],
  ['    guards: {gone: {limit: -5%}}', `10: tables.items.guards.gone.limit: ${percentage}, received "-5%"`],
  [
    '    guards: {gone: {learned: stop}}',
    '10: tables.items.guards.gone.learned: expected off or warn or hold, received "stop"',
  ],
  ['    guards: {gone: {people: 3}}', '10: tables.items.guards.gone.people: expected at most 2, received 3'],
  [
    '    guards: {updated: {people: 2}}',
    '10: tables.items.guards.updated.people: expected one of limit, severity, learned, received "people"',
  ],
  ['    guards: {rows: [-20%]}', `10: tables.items.guards.rows: ${range}, received a list`],
  ['    guards: {rows: [50%, -20%]}', `10: tables.items.guards.rows: ${range}, received a list`],
  ['    ignore: [name]', '10: tables.items.ignore: the column name is read from it'],
  ['    ignore: name', '10: tables.items.ignore: expected a list of names, received "name"'],
  [
    '    format: {delimiter: "0123456789"}',
    '10: tables.items.format.delimiter: expected 1 to 9 characters, received "0123456789"',
  ],
  ['    format: {delimiter: "a\\n"}', '10: tables.items.format.delimiter: expected 1 to 9 characters, received "a\\n"'],
  [`    format: {delimiter: '","'}`, '10: tables.items.format.delimiter: a delimiter cannot hold the quote'],
  [
    '    format: {record_end: ",\\n"}',
    '10: tables.items.format.record_end: a record end cannot hold the delimiter or the quote, nor be part of the delimiter',
  ],
  [
    '    format: {record_end: "\\n", allow_mixed_record_ends: true}',
    '10: tables.items.format.allow_mixed_record_ends: record_end says what ends every record: leave this out',
  ],
  [
    '    format: {record_end: "\\x1e", trailer: "T{rows}"}',
    '10: tables.items.format.trailer: lines beside the data are found by line ends, with which record_end has to end then',
  ],
  [
    '    format: {record_end: "#", comment: "##"}',
    '10: tables.items.format.comment: a comment cannot hold the record end',
  ],
  ['    format: {quotes: lazy, quote: ""}', '10: tables.items.format.quotes: there are no quotes: quote is ""'],
  [
    '    format: {blanks_around_quotes: true, quote: ""}',
    '10: tables.items.format.blanks_around_quotes: there are no quotes: quote is ""',
  ],
  [
    '    format: {quotes: lazy, min_fields: 2}',
    '10: tables.items.format.quotes: how many fields a record has decides whether its quotes can be text: leave min_fields out',
  ],
  [
    '    format: {quotes: lazy, escape: "!"}',
    '10: tables.items.format.quotes: the escape says which quotes are text: leave quotes or escape out',
  ],
  [`    format: {escape: '"'}`, '10: tables.items.format.escape: quotes that are doubled need no escape: leave it out'],
  ['    format: {escape: ","}', '10: tables.items.format.escape: an escape cannot be in delimiter or record_end'],
  [
    '    format: {escape: "!", comment: "!"}',
    '10: tables.items.format.comment: a comment cannot begin with the escape',
  ],
  [
    '    format: {escape: "!", delimiter: "¦"}',
    '10: tables.items.format.escape: what can be escaped begins with an ASCII character: the delimiter or record_end does not',
  ],
  [
    '    format: {escape: "!", allow_trailing_delimiter: true, null_values: []}',
    '10: tables.items.format.allow_trailing_delimiter: the field too many is empty: null_values needs "" here',
  ],
  [
    '    format: {escape: "mssql"}',
    '10: tables.items.format.escape: expected one ASCII character, mysql or copy, received "mssql"',
  ],
  [
    '    format: {escape: mysql}',
    '10: tables.items.format.null_values: an empty field is an empty text here, and \\N is null: set null_values to ["\\\\N"], or to ["\\\\N", ""] where both are null',
  ],
  [
    '    format: {escape: copy, null_values: ["\\\\N"]}',
    `10: tables.items.format.escape: COPY's text has no quotes: set quote to ""`,
  ],
  [
    '    format: {escape: mysql, delimiter: "n", null_values: ["\\\\N"]}',
    '10: tables.items.format.delimiter: a letter or digit after a backslash has another meaning',
  ],
  [`    format: {delimiter: '"'}`, '10: tables.items.format.quote: delimiter and quote must differ'],
  [
    '    format: {encoding: windows-1552}',
    '10: tables.items.format.encoding: expected the name of an encoding, of those in docs/encodings.md; did you mean windows-1252?, received "windows-1552"',
  ],
  [
    '    format: {encoding: ansi}',
    '10: tables.items.format.encoding: expected the name of an encoding, of those in docs/encodings.md; did you mean windows-1252?, received "ansi"',
  ],
  [
    '    format: {trailer: "END {row}"}',
    '10: tables.items.format.trailer: cannot read {row}; expected {rows}, {rows+1} where the number counts another line too, or {rows:,} where it has thousands marks',
  ],
  ['    format: {trailer: "{rows},{rows}"}', '10: tables.items.format.trailer: a pattern holds {rows} once'],
  [
    '    format: {trailer: "**"}',
    '10: tables.items.format.trailer: every line is so: say what these lines begin with, or count them with skip',
  ],
  [
    '    format: {header: false, leader: "*"}',
    '10: tables.items.format.leader: every line is so: say what these lines begin with, or count them with skip',
  ],
  ['    format: {trailer: []}', '10: tables.items.format.trailer: expected at least 1 entry, received a list'],
  ['    format: {skip: {}}', '10: tables.items.format.skip: expected head, until or tail, received nothing'],
  [
    '    format: {skip: {head: 1, until: "id*"}}',
    '10: tables.items.format.skip.head: until finds its line itself: leave head out',
  ],
  [
    '    format: {skip: {tail: 1}, trailer: "END"}',
    '10: tables.items.format.skip.tail: trailer says the last lines: leave tail out',
  ],
  [
    "    format: {comment: ',a'}",
    '10: tables.items.format.comment: a comment cannot begin with the delimiter or the quote',
  ],
  [
    '    format: {min_fields: 2, null_values: ["-"]}',
    '10: tables.items.format.min_fields: fields that are missing are null: null_values needs ""',
  ],
  [
    '    format: {trailer: "*,{rows},*"}',
    '10: tables.items.format.trailer: can be read in two ways: with a * on each side that is not beside {rows}, several numbers may be the count',
  ],
  [
    '    format: {type: fixed-width, fields: {id: {start: 1, length: 4}}}',
    '10: tables.items.format.fields: no field "name" for the column',
  ],
  [
    '    format: {type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 4, length: 9}}}',
    '10: tables.items.format.fields.name: "id" and "name" stand on the same places; where that is meant, set allow_overlap: true',
  ],
  [
    '    format: {type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 9}}, record_length: 12}',
    '10: tables.items.format.record_length: "name" ends at 13, behind the end of the record',
  ],
  [
    '    format: {type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 9}}, min_length: 14}',
    '10: tables.items.format.min_length: a record has 13; expected fewer',
  ],
  [
    '    format: {type: fixed-width, fields: {id: {start: 1, length: 4}, name: {start: 5, length: 9}}, record_end: none, comment: "#"}',
    '10: tables.items.format.comment: without line ends there are no lines: leave comment out',
  ],
  [
    '    format: {type: fixd}',
    `10: tables.items.format.type: expected ${anyOf(formats.map(({ name }) => name))}, received "fixd"`,
  ],
  ['    format: {null_values: ""}', '10: tables.items.format.null_values: expected a list of texts, received ""'],
])('%j', (lines, complaint) => {
  expect(complaintsOf(`${good}${lines}\n`)).toBe(`feed.yaml:${complaint}`);
});
