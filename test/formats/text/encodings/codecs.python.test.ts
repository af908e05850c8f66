import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { everyCode, readerOf, tableNames } from '../../../support/formats/every-code.ts';

/** Names that Python has otherwise. */
const codecs: Readonly<Record<string, string>> = {
  'windows-31j': 'cp932',
  'windows-950': 'cp950',
  'windows-874': 'cp874',
  uhc: 'cp949',
};

/** Why a code means something else in Python. */
const reasons: Readonly<Record<string, { readonly codes: RegExp; readonly why: string }>> = {
  'tis-620': { codes: /^[89]/, why: 'the standard begins with A1' },
  'windows-31j': {
    codes: /^(a[1-9a-f]|[bcd].)?(80|a0|fd|fe|ff)/,
    why: "Python takes Windows' stopgaps for bytes that the encoding does not have",
  },
  gb18030: {
    codes: /^(a6(d[9a-f]|e[cd]|f3)|a8bc|fe(59|61|66|67|6d|7e|90|a0)|8135f437)$/,
    why: 'the edition of 2000; here it is that of 2022',
  },
  'euc-kr': { codes: /^a4d4$/, why: 'Python takes this filler only before the letters of a syllable' },
};

const script = `
import sys
codes, codec = sys.stdin.read().split(), sys.argv[1]
for code in codes:
    try:
        print(bytes.fromhex(code).decode(codec).encode().hex() or '-')
    except UnicodeDecodeError:
        print('undefined')
`;

test.each(tableNames)('%s as Python reads it', (encoding) => {
  const codes = everyCode(encoding);
  const input = codes.map((code) => code.toString('hex')).join('\n');
  const codec = codecs[encoding] ?? encoding.replace(/^windows-/, 'cp');
  const answers = execFileSync('python3', ['-c', script, codec], { input, maxBuffer: 1e9, encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(answers).toHaveLength(codes.length);
  const read = readerOf(encoding);
  const differing = codes.flatMap((code, index) => {
    const text = read(code);
    const found = text === undefined ? 'undefined' : Buffer.from(text).toString('hex') || '-';
    return found === answers[index] ? [] : [code.toString('hex')];
  });
  const reason = reasons[encoding];
  expect(differing.filter((code) => reason?.codes.test(code) !== true)).toEqual([]);
  // A reason that has become void is to go.
  expect(differing.length > 0).toBe(reason !== undefined);
});
