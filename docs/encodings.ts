import { writeFileSync } from 'node:fs';
import { encodingNames, encodings, oftenMeant } from '../lib/formats/text/encodings/names.ts';

/** The page of all encodings, from their list; `npm run docs` writes it beside this file. */
export function encodingsPage(): string {
  const rows = encodingNames.map((name) => {
    const also = encodings[name].also.map((spelling) => `\`${spelling}\``).join(', ');
    const often = oftenMeant(name);
    return `| \`${name}\` | ${also} | ${often === undefined ? '' : `\`${often}\``} |`;
  });
  return `${introduction}\n| name | other names | files declared so may be |\n|---|---|---|\n${rows.join('\n')}\n\n${details}`;
}

const introduction = `# Encodings

<!-- Written by \`npm run docs\` from lib/formats/text/encodings/names.ts; edits here are lost. -->

\`format: {encoding: windows-1250}\` says how text is stored. All formats of text have this option; JSON is UTF-8 by its standard, and is read in another encoding where the feed says so. Case, blanks, \`-\` and \`_\` of a name do not
count, so \`ISO8859-15\` and \`UTF8\` are fine. Names that mean different tables to different programs, such as \`ansi\`, are not taken.
`;

const details = `## What a name means

Every name is the table of its standard, and not what browsers take it for: they read \`iso-8859-1\` as windows-1252, \`iso-8859-9\` as windows-1254,
\`shift_jis\` as windows-31j. Vendors often mix up the same names; the last column says with what. The tables are part of nightfeed, so a
newer Node reads no file differently.

- **Bytes that the encoding does not have are never replaced.** The row is rejected as INVALID_UTF8 and keeps its last good version; a note
  counts the places, and says the first. In the header they refuse the delivery, as does a file that ends within a character.
- Bytes 0x80 to 0x9F of \`latin-1\` and other tables of ISO are control characters, which nobody writes. A note says so.
- Bytes that Windows has not assigned reject their row in every table of Windows: 0x81, 0x8D, 0x8F, 0x90 and 0x9D in \`windows-1252\`. Browsers
  make control characters of them; here such a file has another encoding than declared, or is damaged.
- \`iso-8859-8-i\` and \`-e\` have the table of \`iso-8859-8\`, and only say in which order letters of Hebrew are shown. They are taken in the order
  in which they are sent.
- \`utf-16\` and \`utf-32\` find the byte order by the mark, or by the first character, which is ASCII. \`utf-16le\` and its like say it.
- \`shift_jis\`, \`euc-jp\` and \`iso-2022-jp\` have the signs of JIS X 0208: byte pair 0x8160 is \`〜\` (U+301C). \`windows-31j\` has those of
  Windows, where it is \`～\` (U+FF5E), and more characters. Byte 0x5C is a backslash in both.
- \`iso-2022-jp\` is that of RFC 1468. A line that does not end in ASCII is rejected: an escape is missing.
- \`gb18030\` is the edition of 2022. \`big5\` has no characters of Hong Kong (HKSCS).

## UTF-8 under another name

A file in UTF-8 that is declared otherwise would be read without a complaint, as other text: \`é\` as \`Ã©\`. So a file is refused (ENCODING)
when more than two characters beyond ASCII are valid UTF-8 for each other byte beyond ASCII; one bad byte does not hide the others. Where more
than one for two other bytes is, a note says that a part of the file may be UTF-8. Text in other encodings has far fewer by chance, but a file
of a few words may have as many: \`allow_valid_utf8: true\` reads it as declared.
`;

if (import.meta.main) writeFileSync(new URL('encodings.md', import.meta.url), encodingsPage());
