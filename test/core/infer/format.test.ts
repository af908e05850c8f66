import { describe, expect, test } from 'vitest';
import { guessFormat } from '../../../lib/core/infer/format.ts';

const cases: readonly (readonly [title: string, file: string | Buffer, options: object])[] = [
  ['commas, with a header', 'id,name\n1,one\n2,two\n', {}],
  ['semicolons and decimal commas', 'id;price\n1;1,50\n2;12,25\n', { delimiter: ';' }],
  ['tabs', 'id\tname\n1\tone, two\n2\tthree, four\n', { delimiter: '\t' }],
  ['pipes without a header', '1|one|2026-11-01\n2|two|2026-11-02\n', { delimiter: '|', header: false }],
  ['single quotes', "'id','name'\n1,'one, two'\n2,'three'\n", { quote: "'" }],
  ['delimiters within quotes', 'id,name\n1,"a,b,c"\n2,"d,e,f"\n', {}],
  ['lines within quotes', 'id,name\n1,"a\nb"\n2,"c\nd"\n', {}],
  ['lines before the header', 'Report of today\n\nid,name,x\n1,one,1\n2,two,2\n', { skip: { head: 1 } }],
  ['comments', '# made by x\nid,name\n1,one\n# a note\n2,two\n', { comment: '#' }],
  ['a trailer with the count', 'id,name\n1,one\n2,two\nTRL 2\n', { trailer: 'TRL {rows}' }],
  ['a trailer without a count', 'id,name\n1,one\n2,two\n3,x\nend of file\n', { trailer: 'end of file' }],
  ['a last quoted record with a delimiter', 'id,name\n1,"x"\n2,"y"\n3,"a,b"\n', {}],
  ['no last line end', 'id,name\n1,one\n2,two', { allow_missing_final_newline: true }],
  ['windows-1252', Buffer.from('id,name\n1,caf\u00e9\n2,\u0093x\u0094\n', 'latin1'), { encoding: 'windows-1252' }],
  ['UTF-16', Buffer.from('\ufeffid,name\n1,caf\u00e9\n', 'utf16le'), { encoding: 'utf-16' }],
  ['UTF-16 of the other order', Buffer.from('\ufeffid,name\n1,x\n', 'utf16le').swap16(), { encoding: 'utf-16' }],
  ['a table of nothing but words', 'country,capital\nFrance,Paris\nSpain,Madrid\nItaly,Rome\n', {}],
  ['years as names of columns', ',1940,1941\nFood,1.5,2\nClothes,2,3\n', {}],
  ['commas in a list of names, with apostrophes', `name,sex\n"O'Neil, Jan, jr",f\n"x, 'y', z",m\n"a, b, c",f\n`, {}],
  [
    'a comment that looks like a header',
    '#\n# codes\n# Code;Name;Since\n#\nAfak;Afaka;2010-12-21\nAghb;Agh;2012-10-16\n',
    { delimiter: ';', header: false, comment: '#' },
  ],
  [
    'nothing but codes and words, without a header',
    'AD\tAndorra\nAE\tUnited Emirates\nAF\tAfghanistan\nAG\tAntigua\n',
    { delimiter: '\t', header: false },
  ],
  [
    'a name of a column that is a code, too',
    'Country,Group,ID\nAngola,Africa,AO\nIndonesia,Asia,ID\nChile,America,CL\n',
    {},
  ],
  [
    'an empty column is none of numbers',
    'en,av,Avar,\nde,frr,North Frisian,\nen,fy,West Frisian,\n',
    { header: false },
  ],
  ['quotes behind a backslash', 'id,name\n1,"a \\"b\\", c"\n2,"d"\n3,"e, \\"f\\""\n', { escape: '\\' }],
  ['a delimiter behind a backslash', 'id|name\n1|a \\| b\n2|c\n3|d\n', { delimiter: '|', escape: '\\' }],
  ['the backslashes of MySQL', 'id,name\n1,"a \\"b\\",\\nc"\n2,\\N\n3,"e"\n', { escape: 'mysql' }],
  ['backslashes that are text', 'id,path\n1,"C:\\temp\\"\n2,"D:\\"\n3,"E:\\x, y"\n', {}],
  [
    'blanks around quoted fields',
    'id, name ,n\n1, "a, b" ,2\n2, "c" ,3\n3, "d, e, f", 4\n',
    { blanks_around_quotes: true },
  ],
  ['quotes that mean inches', 'id,name,n\n1,27" wide,2\n2,3" high,3\n3,four,4\n', { quotes: 'lazy' }],
  ['one column', 'name\none\ntwo\n', {}],
];

describe('the format of a file is what its bytes show', () => {
  test.each(cases)('%s', (_, file, options) => {
    expect(guessFormat({ bytes: Buffer.from(file as Buffer), isWhole: true }).options).toEqual(options);
  });

  test.each([
    ['\x93x\x94', 'look at the letters'],
    ['\x81', 'not those of windows-1252 either'],
  ])('no UTF-8: the letters decide, or the vendor: %j', (bytes, reason) => {
    expect(
      guessFormat({ bytes: Buffer.from(`id,name\n1,${bytes}\n`, 'latin1'), isWhole: true }).reasons.join(),
    ).toContain(reason);
  });

  test.each([
    ['country,capital\nFrance,Paris\nSpain,Madrid\nItaly,Rome\n', {}, 'taken for names', 'country,capital'],
    ['Anna,Berlin\nPaul,Hamburg\nAnna,Bonn\n', { header: false }, 'taken for a row', 'Anna,Berlin'],
    ['Oslo\nRoma\nBern\nPrag\n', { header: false }, 'taken for a row', 'Oslo'],
  ])('in %j it stays a doubt whether there is a header, and a person decides', (file, options, reason, line) => {
    const guess = guessFormat({ bytes: Buffer.from(file), isWhole: true });
    expect(guess).toMatchObject({ options, headerDoubt: line });
    expect(guess.reasons.join()).toContain(reason);
    for (const told of [true, false]) {
      const decided = guessFormat({ bytes: Buffer.from(file), isWhole: true }, told);
      expect(decided.headerDoubt).toBeUndefined();
      expect(decided.options.header ?? true).toBe(told);
    }
  });

  const lines = (each: (index: number) => string) =>
    `${Array.from({ length: 12 }, (_, index) => each(index)).join('\n')}\n`;

  test('fields at fixed places are told by blanks that stand so in all lines, when it is sure whose they are', () => {
    const sure = lines((index) =>
      `${String(index).padStart(4)}  item ${String.fromCharCode(97 + index)
        .repeat(1 + (index % 3))
        .padEnd(8)} ${index * 10 + 5}`.padEnd(23),
    );
    expect(guessFormat({ bytes: Buffer.from(sure), isWhole: true }).options).toMatchObject({
      type: 'fixed-width',
      trim: 'both',
      fields: { column_1: { start: 1, length: 6 }, column_2: { start: 7 } },
    });
    const unsure = lines((index) => `name${'x'.repeat(index % 4)}`.padEnd(12) + String(index * 37).padStart(6));
    const guess = guessFormat({ bytes: Buffer.from(unsure), isWhole: true });
    expect(guess.options).not.toHaveProperty('type');
    expect(guess.reasons.join()).toContain('fixed places');
  });

  test('where numbers or many names tell, there is no doubt about the header', () => {
    for (const file of ['id,name\n1,one\n2,two\n', 'name,city,country_code\na,b,DE\nc,d,FR\ne,f,IT\n'])
      expect(guessFormat({ bytes: Buffer.from(file), isWhole: true }).headerDoubt).toBeUndefined();
  });

  test('a sample that is cut within a character, a record or a quote is no other file', () => {
    const file = Buffer.from(`id;name;price\n${'1;"größe; €";1,50\n2;"x";2,25\n'.repeat(50)}`);
    for (let length = 200; length < 240; length += 1)
      expect(guessFormat({ bytes: file.subarray(0, length), isWhole: false }).options).toEqual({ delimiter: ';' });
  });
});
