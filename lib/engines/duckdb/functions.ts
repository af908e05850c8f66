import { type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { parseJsonb } from '../../core/feed/values/jsonb.ts';
import { JSONB_FUNCTION } from '../../core/sql/dialects/jsonb-sql.ts';
import { textOrReject } from '../../core/sql/dialects/spelling/stage.ts';

/** Gives this DuckDB the functions that SQL cannot say. They run in JavaScript, in the process of DuckDB. */
export function registerFunctions(connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: JSONB_FUNCTION,
      parameterTypes: [VARCHAR],
      returnType: VARCHAR,
      mainFunction: (_info, input, output) => {
        const texts = input.getColumnVector(0);
        for (let row = 0; row < input.rowCount; row += 1) {
          const text = texts.getItem(row) as string | null;
          output.setItem(row, text === null ? null : textOrReject(parseJsonb(text)));
        }
        output.flush();
      },
    }),
  );
}
