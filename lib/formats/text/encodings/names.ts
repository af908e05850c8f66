interface EncodingNames {
  /** Other names of the same table. Case, blanks and `-`, `_` do not count. */
  readonly also: readonly string[];
  /** What files that are declared so often are. */
  readonly often?: string;
}

/**
 * Every encoding under a name of its own: what browsers take for the same, such as iso-8859-1 and windows-1252, are two here. Names that
 * mean different tables to different programs, such as `ansi` or `ksc5601`, are left out.
 */
export const encodings = {
  'utf-8': { also: ['utf-8-sig', 'utf-8-bom'] },
  'utf-16': { also: [] },
  'utf-16le': { also: [] },
  'utf-16be': { also: [] },
  'utf-32': { also: ['ucs-4'] },
  'utf-32le': { also: [] },
  'utf-32be': { also: [] },
  'us-ascii': { also: ['ascii'], often: 'utf-8' },
  'latin-1': { also: ['iso-8859-1', 'l1', 'cp819'], often: 'windows-1252' },
  'iso-8859-2': { also: ['latin-2'], often: 'windows-1250' },
  'iso-8859-3': { also: ['latin-3'] },
  'iso-8859-4': { also: ['latin-4'], often: 'windows-1257' },
  'iso-8859-5': { also: [], often: 'windows-1251' },
  'iso-8859-6': { also: [], often: 'windows-1256' },
  'iso-8859-7': { also: [], often: 'windows-1253' },
  'iso-8859-8': { also: ['iso-8859-8-i', 'iso-8859-8-e'], often: 'windows-1255' },
  'iso-8859-9': { also: ['latin-5'], often: 'windows-1254' },
  'iso-8859-10': { also: ['latin-6'] },
  'iso-8859-11': { also: [], often: 'windows-874' },
  'iso-8859-13': { also: ['latin-7'], often: 'windows-1257' },
  'iso-8859-14': { also: ['latin-8'] },
  'iso-8859-15': { also: ['latin-9', 'latin-0'], often: 'windows-1252' },
  'iso-8859-16': { also: ['latin-10'] },
  'windows-1250': { also: ['cp1250', 'win1250'] },
  'windows-1251': { also: ['cp1251', 'win1251'] },
  'windows-1252': { also: ['cp1252', 'win1252'] },
  'windows-1253': { also: ['cp1253', 'win1253'] },
  'windows-1254': { also: ['cp1254', 'win1254'] },
  'windows-1255': { also: ['cp1255', 'win1255'] },
  'windows-1256': { also: ['cp1256', 'win1256'] },
  'windows-1257': { also: ['cp1257', 'win1257'] },
  'windows-1258': { also: ['cp1258', 'win1258'] },
  'windows-874': { also: ['cp874', 'win874'] },
  'tis-620': { also: [], often: 'windows-874' },
  cp437: { also: ['ibm437', 'dos437'] },
  cp737: { also: ['ibm737', 'dos737'] },
  cp775: { also: ['ibm775', 'dos775'] },
  cp850: { also: ['ibm850', 'dos850'] },
  cp852: { also: ['ibm852', 'dos852'] },
  cp855: { also: ['ibm855', 'dos855'] },
  cp857: { also: ['ibm857', 'dos857'] },
  cp858: { also: ['ibm858', 'dos858', 'ibm00858'] },
  cp860: { also: ['ibm860', 'dos860'] },
  cp861: { also: ['ibm861', 'dos861'] },
  cp862: { also: ['ibm862', 'dos862'] },
  cp863: { also: ['ibm863', 'dos863'] },
  cp865: { also: ['ibm865', 'dos865'] },
  cp866: { also: ['ibm866', 'dos866'] },
  cp869: { also: ['ibm869', 'dos869'] },
  'koi8-r': { also: [] },
  'koi8-u': { also: [] },
  'mac-roman': { also: ['macintosh', 'x-mac-roman'] },
  'mac-cyrillic': { also: ['x-mac-cyrillic', 'mac-ukrainian'] },
  shift_jis: { also: ['sjis', 'ms_kanji'], often: 'windows-31j' },
  'windows-31j': { also: ['cp932', 'ms932', 'windows-932'] },
  'euc-jp': { also: ['ujis'] },
  'iso-2022-jp': { also: [] },
  gb2312: { also: ['euc-cn'], often: 'gb18030' },
  gbk: { also: ['cp936', 'ms936', 'windows-936'], often: 'gb18030' },
  gb18030: { also: [] },
  big5: { also: [], often: 'windows-950' },
  'windows-950': { also: ['cp950', 'ms950'] },
  'euc-kr': { also: [], often: 'uhc' },
  uhc: { also: ['cp949', 'ms949', 'windows-949'] },
} as const satisfies Readonly<Record<string, EncodingNames>>;

export type EncodingName = keyof typeof encodings;

export const encodingNames = Object.keys(encodings) as readonly EncodingName[];

/** What files that are declared in this encoding often are. */
export function oftenMeant(encoding: EncodingName): string | undefined {
  const names: EncodingNames = encodings[encoding];
  return names.often;
}
