import type { SourceFile } from '../../core/delivery/source-file.ts';
import { ColumnSketch } from '../../core/infer/columns/column-sketch.ts';
import { wideKindOf } from '../../core/infer/text/encoding.ts';
import { TextSurvey } from '../../core/infer/text/survey.ts';
import { excerpt, shownText } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import type { FileReading } from './read-samples.ts';
import { allBytes } from './sample-bytes.ts';
import { eachRow } from './sample-rows.ts';

/** Reads all bytes of a text, which begins so, for what its sample does not tell of its encoding and its end. */
export async function surveyText(source: Source, file: SourceFile, beginning: Buffer): Promise<TextSurvey> {
  const survey = new TextSurvey(wideKindOf(beginning));
  for await (const chunk of allBytes(source, file)) survey.push(chunk);
  return survey;
}

/** What all rows of some files are, none of which is kept. */
export interface AllRows {
  /** In the order of the columns. */
  readonly sketches: readonly ColumnSketch[];
  readonly rows: number;
  /** Where a file could not be read to its end. */
  readonly notes: readonly string[];
}

export async function sketchRows(source: Source, files: readonly SourceFile[], reading: FileReading): Promise<AllRows> {
  const sketches = reading.columns.map(() => new ColumnSketch());
  const notes: string[] = [];
  let rows = 0;
  for (const file of files) {
    let places: readonly number[] | undefined;
    const { stopped } = await eachRow(allBytes(source, file), file.size, reading, (row, names) => {
      places ??= reading.columns.map((name) => names.indexOf(name));
      for (const [index, place] of places.entries()) sketches[index]!.add(row[place] ?? null);
      rows += 1;
      return true;
    });
    if (stopped !== undefined)
      notes.push(`LOOK: ${excerpt(file.name)} was read up to here: ${shownText(stopped.message, MAX_MESSAGE)}`);
  }
  return { sketches, rows, notes };
}

const MAX_MESSAGE = 300;
