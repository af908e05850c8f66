import { type Spelling, spellingsOf } from '../../../feed/values/spelling/spelling.ts';
import type { ValueForm } from '../../../feed/values/value.ts';
import { epochStages } from './epoch-sql.ts';
import { intervalStages } from './interval-sql.ts';
import { localStages } from './local-sql.ts';
import { momentStages } from './moment-sql.ts';
import { numberStages } from './number-sql.ts';
import { isRejected, type Stage } from './stage.ts';

/** The same as `respelled` of `core/feed/values/spelling/spelling.ts`, as SQL: each stage reads what the one before left. */
export function respellingStages(form: ValueForm): readonly Stage[] {
  return spellingsOf(form)
    .flatMap(stagesOf)
    .map((stage, index) => (sql, text) => {
      const passes = index === 0 ? '' : ` OR ${isRejected(text)}`;
      return `CASE WHEN ${text} IS NULL${passes} THEN ${text} ELSE ${stage(sql, text)} END`;
    });
}

function stagesOf(spelling: Spelling): readonly Stage[] {
  if (spelling.kind === 'interval') return intervalStages;
  if (spelling.kind === 'number') return numberStages(spelling);
  if (spelling.kind === 'moment') return momentStages(spelling);
  return spelling.kind === 'epoch' ? epochStages(spelling) : localStages(spelling);
}
