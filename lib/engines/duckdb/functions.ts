import { type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import type { Value } from '../../core/feed/values/bad-value.ts';
import { parseJsonb } from '../../core/feed/values/jsonb.ts';
import { parseValue, type ValueForm } from '../../core/feed/values/value.ts';
import { ARRAY_FUNCTION } from '../../core/sql/dialects/array-sql.ts';
import { JSONB_FUNCTION } from '../../core/sql/dialects/jsonb-sql.ts';
import { textOrReject } from '../../core/sql/dialects/spelling/stage.ts';

/** Gives this DuckDB the functions that SQL cannot say. They run in JavaScript, in the process of DuckDB. */
export function registerFunctions(connection: DuckDBConnection): void {
  register(connection, JSONB_FUNCTION, 1, ([text]) => parseJsonb(text!));
  const forms = new Map<string, ValueForm>();
  register(connection, ARRAY_FUNCTION, 2, ([text, written]) => {
    const form = forms.get(written!) ?? (JSON.parse(written!) as ValueForm);
    forms.set(written!, form);
    return parseValue(form, text!);
  });
}

/** A function of so many texts; null where one of them is. */
function register(
  connection: DuckDBConnection,
  name: string,
  count: number,
  valueFrom: (texts: readonly string[]) => Value,
): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      parameterTypes: Array.from({ length: count }, () => VARCHAR),
      returnType: VARCHAR,
      mainFunction: (_info, input, output) => {
        const vectors = Array.from({ length: count }, (_, index) => input.getColumnVector(index));
        for (let row = 0; row < input.rowCount; row += 1) {
          const texts = vectors.map((vector) => vector.getItem(row) as string | null);
          output.setItem(row, texts.includes(null) ? null : textOrReject(valueFrom(texts as string[])));
        }
        output.flush();
      },
    }),
  );
}
