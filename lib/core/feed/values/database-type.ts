import { isIdentifier } from '../identifier.ts';

/** A type that PostgreSQL's owner made, or that came with an extension. */
export interface DatabaseType {
  readonly kind: 'enum' | 'citext';
  readonly schema: string;
  readonly name: string;
}

/** Capitals count, as in quotes. A name with other characters could not be told from what stands around it. */
const enumPattern = /^enum\(([^\s().,"]+)\.([^\s().,"]+)\)$/;
const citextPattern = /^citext(?:\(([^\s().,"]+)\))?$/;

/** The type of the database that `enum(shop.state)`, `citext` or `citext(extensions)` names; undefined for every other type. */
export function databaseTypeOf(type: string): DatabaseType | undefined {
  const [, enumSchema, enumName] = enumPattern.exec(type) ?? [];
  const [isCitext, citextSchema = 'public'] = citextPattern.exec(type) ?? [];
  if (isCitext !== undefined)
    return isIdentifier(citextSchema) ? { kind: 'citext', schema: citextSchema, name: 'citext' } : undefined;
  if (enumSchema === undefined || enumName === undefined) return undefined;
  return isIdentifier(enumSchema) && isIdentifier(enumName)
    ? { kind: 'enum', schema: enumSchema, name: enumName }
    : undefined;
}

/** The feed file's text of such a type without blanks, its keyword in small letters; undefined when it begins otherwise. */
export function databaseTypeText(text: string): string | undefined {
  const match = /^(enum|citext)(\(.*\))$/i.exec(text.replaceAll(' ', ''));
  return match ? match[1]!.toLowerCase() + match[2]! : undefined;
}
