import { describeCases } from '../support/describe-cases.ts';
import { structure } from './cases/structure.ts';

describeCases(structure);
