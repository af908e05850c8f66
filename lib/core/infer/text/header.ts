import { isNumberLike } from '../columns/column-sketch.ts';
import type { CutRecord } from './split-text.ts';

export interface GuessedHeader {
  /** Whether the first record names the columns. */
  readonly isThere: boolean;
  /** Its words could as well be a row's: nothing but words stands in the file, and they tell little. */
  readonly isDoubtful: boolean;
}

const there: GuessedHeader = { isThere: true, isDoubtful: false };
const missing: GuessedHeader = { isThere: false, isDoubtful: false };

/**
 * Whether the first record names columns: its fields are different words, and where a column has numbers or dates they begin in the
 * second record. In a table of nothing but words each column is a witness.
 */
export function guessHeader([first, ...others]: readonly CutRecord[]): GuessedHeader {
  if (first === undefined) return missing;
  const names = first.fields.map((name) => name.trim());
  const columnAt = (place: number) => others.map(({ fields }) => fields[place]?.trim() ?? '');
  // Exports with a column of row names leave its name empty; the others may be numbers then, such as years.
  if (names[0] === '' && names.length > 1 && columnAt(0).every((value) => value !== ''))
    return new Set(names).size === names.length ? there : missing;
  const isName = (name: string) => name !== '' && !isNumberLike(name) && name.length <= MAX_NAME;
  if (!names.every(isName) || new Set(names).size < names.length) return missing;
  if (others.length === 0) return { isThere: true, isDoubtful: true };
  if (names.some((_, place) => isTyped(columnAt(place)))) return there;
  const witnesses = names.map((name, place) => witnessOf(name, columnAt(place)));
  const sum = witnesses.reduce((all, each) => all + each, 0);
  return { isThere: sum >= 0, isDoubtful: Math.abs(sum) < SURE };
}

const MAX_NAME = 100;

/** So much more has to speak for the one than for the other. */
const SURE = 2;

function isTyped(column: readonly string[]): boolean {
  return (
    column.every((value) => value === '' || isNumberLike(value)) && column.filter((value) => value !== '').length > 0
  );
}

/** What one column says: above zero that its first field is a name, below that it is a value. */
function witnessOf(name: string, column: readonly string[]): number {
  const words = name.split(/[^\p{L}]+|(?<=\p{Ll})(?=\p{Lu})/u).filter((word) => word !== '');
  const isNameLike = words.length <= 4 && words.some((word) => NAME_WORDS.has(word.toLowerCase()));
  const comesAgain = column.includes(name) ? -1 : 0;
  return (isNameLike ? 1 : 0) + (/^[a-z]+(_[a-z0-9]+)+$/.test(name) ? 1 : 0) + shapeOf(name, column) + comesAgain;
}

/** Codes are all of one length and case; a name among them would be by chance. */
function shapeOf(name: string, column: readonly string[]): number {
  const shapes = new Set(column.filter((value) => value !== '').map(lengthAndCase));
  if (shapes.size !== 1 || column.length < FEW) return 0;
  return shapes.has(lengthAndCase(name)) ? -1 : 1;
}

const FEW = 3;

const lengthAndCase = (text: string) => `${text.length} ${text === text.toUpperCase()} ${text === text.toLowerCase()}`;

/** Words in the names of columns, in several languages. */
const NAME_WORDS = new Set(
  [
    'id key code name title type kind date day time year month value amount price count number no nr qty quantity status',
    'country city region address street zip group class category description comment text label unit currency email phone',
    'sku ean isbn iso language locale user customer product item sample brand model url email first last created updated',
    'nummer bezeichnung preis menge datum ort plz strasse straße artikel kunde land wert betrag einheit gruppe farbe',
    'nom prix libelle libellé ville pays quantite quantité montant numero numéro adresse',
    'nombre precio fecha ciudad pais país cantidad codigo código descripcion descripción',
    'nome prezzo data codice descrizione comune provincia naam prijs aantal omschrijving nazwa cena',
  ]
    .join(' ')
    .split(' '),
);
