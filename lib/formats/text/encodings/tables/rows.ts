/** A place for each code of 16 bits; 0 where there is no character. Later layers replace what earlier ones have. */
export function tableOf(layers: readonly string[], placeOf = (code: number) => code): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (const [code, unit] of layers.flatMap(codesIn)) table[placeOf(code)] = unit === NONE ? 0 : unit;
  return table;
}

/** Each line is a code in hex, and the characters from this code on. U+FFFD takes the code's character away. */
function codesIn(layer: string): [code: number, unit: number][] {
  return layer
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const first = Number.parseInt(line.slice(0, DIGITS), 16);
      const characters = line.slice(DIGITS + 1);
      return Array.from(characters, (character, index): [number, number] => [first + index, character.charCodeAt(0)]);
    });
}

const DIGITS = 4;
const NONE = 0xfffd;
