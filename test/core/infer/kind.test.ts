import { expect, test } from 'vitest';
import { guessKind } from '../../../lib/core/infer/kind.ts';

test.each([
  ['id,name\n1,one\n', undefined],
  ['PAR1\x15\x00', { type: 'parquet' }],
  ['[{"id": 1}]', { type: 'json' }],
  ['\ufeff {"id": 1}\n{"id": 2}\n', { type: 'ndjson' }],
  ['{"id": 1}\n', { type: 'ndjson' }],
  ['{"data": {"meta": [1], "items": [{"id": 1}]}}', { type: 'ndjson' }],
  ['{"data": {\n"meta": [1],\n"items": [{"id": 1}]}}', { type: 'json', records: ['data', 'items'] }],
  ['[\r\n  {"id": 1}\r\n]', { type: 'json' }],
  ['[id],[name]\n[1],[one]\n', undefined],
  ['{id};{name}\n1;one\n', undefined],
  ['-- MySQL dump 10.13\nINSERT INTO `t` VALUES (1);\n', { type: 'sql' }],
  ['-- a comment\nid,name\n', undefined],
])('%j', (text, options) => {
  expect(guessKind(Buffer.from(text))?.options).toEqual(options);
});
