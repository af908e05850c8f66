import {
  CreateTableCommand,
  EntityNotFoundException,
  type GlueClient,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { NightfeedError } from '../core/errors.ts';
import { athenaType } from '../core/sql/dialects/athena.ts';
import type { Catalog, ShownTable } from '../ports/catalog.ts';

interface GlueCatalogOptions {
  readonly client: GlueClient;
  readonly database: string;
  readonly bucket: string;
}

/**
 * Tables of the Glue Data Catalog. Each call switches one table to the next delivery, columns and files together, so that a query sees
 * either the old or the new one as a whole. There are no partitions to register, to crawl or to project.
 */
export function glueCatalog({ client, database, bucket }: GlueCatalogOptions): Catalog {
  return {
    async show(table) {
      const TableInput = inputOf(table, bucket);
      try {
        await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput, SkipArchive: true }));
      } catch (error) {
        if (!(error instanceof EntityNotFoundException)) throw refused(database, table, error);
        await client.send(new CreateTableCommand({ DatabaseName: database, TableInput })).catch((failure: unknown) => {
          throw refused(database, table, failure);
        });
      }
    },
  };
}

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet';

function inputOf({ name, columns, folder, delivery }: ShownTable, bucket: string): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', nightfeed_delivery: delivery },
    StorageDescriptor: {
      // Names of columns are in lower case in Hive. No two columns of a feed differ in case alone.
      Columns: columns.map((column) => ({ Name: column.name.toLowerCase(), Type: athenaType(column.type) })),
      Location: `s3://${bucket}/${folder}`,
      InputFormat: `${PARQUET}.MapredParquetInputFormat`,
      OutputFormat: `${PARQUET}.MapredParquetOutputFormat`,
      SerdeInfo: { SerializationLibrary: `${PARQUET}.serde.ParquetHiveSerDe` },
    },
  };
}

function refused(database: string, { name }: ShownTable, cause: unknown): NightfeedError {
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new NightfeedError('CATALOG_UNAVAILABLE', `the Glue Data Catalog does not show ${database}.${name}: ${said}`, {
    cause,
  });
}
