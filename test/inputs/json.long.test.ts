import { describeCases } from '../support/nights/describe-cases.ts';
import { jsonInputs } from './cases/json.ts';

describeCases(jsonInputs);
