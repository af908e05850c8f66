/** The names of a month, in the spelling of its language: whole ones for `MONTH`, short ones for `MON`. */
export interface MonthNames {
  readonly whole: readonly string[];
  readonly short: readonly string[];
}

/** The names of twelve months: of a language, or a feed file's own, each of which is both whole and short. */
export function monthNames(of: Language | readonly (readonly string[])[]): readonly MonthNames[] {
  if (typeof of !== 'string') return of.map((names) => ({ whole: names, short: names }));
  return languages[of].split('|').map((month) => {
    const [whole = '', short = ''] = month.trim().split(' ');
    return { whole: withPlainLetters(whole), short: withPlainLetters(short) };
  });
}

/** Small letters for capitals, one by one, so that every engine can do the same. */
export function folded(name: string): string {
  return [...name].map((letter) => caseOf(letter).small).join('');
}

/** A letter as a capital and as a small one; the same twice where it is not one letter in both. */
export function caseOf(letter: string): { readonly capital: string; readonly small: string } {
  const [capital, small] = [letter.toUpperCase(), letter.toLowerCase()];
  return [...capital].length === 1 && [...small].length === 1 ? { capital, small } : { capital: letter, small: letter };
}

/** Written here and not asked of the machine, whose tables change with its version. */
const languages = {
  en: 'January Jan|February Feb|March Mar|April Apr|May May|June Jun|July Jul|August Aug|September Sep,Sept|October Oct|November Nov|December Dec',
  de: 'Januar,Jänner Jan,Jän|Februar,Feber Feb|März,Maerz Mär,Mrz,Maer,März|April Apr|Mai Mai|Juni Jun,Juni|Juli Jul,Juli|August Aug|September Sep,Sept|Oktober Okt|November Nov|Dezember Dez',
  fr: 'janvier janv,jan|février févr,fév|mars mars,mar|avril avr|mai mai|juin juin|juillet juil|août août|septembre sept,sep|octobre oct|novembre nov|décembre déc',
  es: 'enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre,setiembre sept,sep,set|octubre oct|noviembre nov|diciembre dic',
  it: 'gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set,sett|ottobre ott|novembre nov|dicembre dic',
  pt: 'janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez',
  nl: 'januari jan|februari feb|maart mrt,maa,mar|april apr|mei mei|juni jun|juli jul|augustus aug|september sep,sept|oktober okt|november nov|december dec',
} as const;

export type Language = keyof typeof languages;

export const languageNames = Object.keys(languages) as [Language, ...Language[]];

/** Vendors often leave accents out. */
function withPlainLetters(names: string): string[] {
  const written = names.split(',');
  return [...new Set([...written, ...written.map((name) => name.normalize('NFD').replace(/[\u0300-\u036f]/g, ''))])];
}
