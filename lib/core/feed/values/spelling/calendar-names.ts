/** The names of a month or a weekday, in the spelling of its language: whole ones for `MONTH` and `DAY`, short ones for `MON` and `DY`. */
export interface CalendarNames {
  readonly whole: readonly string[];
  readonly short: readonly string[];
}

/** A language, or a feed file's own names, each of which is both whole and short. */
export type NamesOption = Language | readonly (readonly string[])[];

/** The names of twelve months. */
export function monthNames(of: NamesOption): readonly CalendarNames[] {
  return namesIn(months, of);
}

/** The names of seven days, from Monday on. */
export function weekdayNames(of: NamesOption): readonly CalendarNames[] {
  return namesIn(weekdays, of);
}

function namesIn(languages: Readonly<Record<Language, string>>, of: NamesOption): readonly CalendarNames[] {
  if (typeof of !== 'string') return of.map((names) => ({ whole: names, short: names }));
  return languages[of].split('|').map((each) => {
    const [whole = '', short = ''] = each.trim().split(' ');
    return { whole: withPlainLetters(whole), short: withPlainLetters(short) };
  });
}

/** The number of the month or day with this name, from 1. */
export function numberOf(all: readonly CalendarNames[], written: string): number {
  const name = folded(written);
  return all.findIndex(({ whole, short }) => [...whole, ...short].some((each) => folded(each) === name)) + 1;
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
const months = {
  en: 'January Jan|February Feb|March Mar|April Apr|May May|June Jun|July Jul|August Aug|September Sep,Sept|October Oct|November Nov|December Dec',
  de: 'Januar,Jänner Jan,Jän|Februar,Feber Feb|März,Maerz Mär,Mrz,Maer,März|April Apr|Mai Mai|Juni Jun,Juni|Juli Jul,Juli|August Aug|September Sep,Sept|Oktober Okt|November Nov|Dezember Dez',
  fr: 'janvier janv,jan|février févr,fév|mars mars,mar|avril avr|mai mai|juin juin|juillet juil|août août|septembre sept,sep|octobre oct|novembre nov|décembre déc',
  es: 'enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre,setiembre sept,sep,set|octubre oct|noviembre nov|diciembre dic',
  it: 'gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set,sett|ottobre ott|novembre nov|dicembre dic',
  pt: 'janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez',
  nl: 'januari jan|februari feb|maart mrt,maa,mar|april apr|mei mei|juni jun|juli jul|augustus aug|september sep,sept|oktober okt|november nov|december dec',
} as const;

export type Language = keyof typeof months;

export const languageNames = Object.keys(months) as [Language, ...Language[]];

const weekdays: Readonly<Record<Language, string>> = {
  en: 'Monday Mon|Tuesday Tue,Tues|Wednesday Wed|Thursday Thu,Thur,Thurs|Friday Fri|Saturday Sat|Sunday Sun',
  de: 'Montag Mo,Mon|Dienstag Di,Die|Mittwoch Mi,Mit|Donnerstag Do,Don|Freitag Fr,Fre|Samstag,Sonnabend Sa,Sam|Sonntag So,Son',
  fr: 'lundi lun|mardi mar|mercredi mer|jeudi jeu|vendredi ven|samedi sam|dimanche dim',
  es: 'lunes lun|martes mar|miércoles mié|jueves jue|viernes vie|sábado sáb|domingo dom',
  it: 'lunedì lun|martedì mar|mercoledì mer|giovedì gio|venerdì ven|sabato sab|domenica dom',
  pt: 'segunda-feira,segunda seg|terça-feira,terça ter|quarta-feira,quarta qua|quinta-feira,quinta qui|sexta-feira,sexta sex|sábado sáb|domingo dom',
  nl: 'maandag ma|dinsdag di|woensdag wo|donderdag do|vrijdag vr|zaterdag za|zondag zo',
};

/** Vendors often leave accents out. */
function withPlainLetters(names: string): string[] {
  const written = names.split(',');
  return [...new Set([...written, ...written.map((name) => name.normalize('NFD').replace(/[\u0300-\u036f]/g, ''))])];
}
