import { describeCases } from '../../support/nights/describe-cases.ts';
import { structure } from '../cases/structure.ts';

describeCases(structure);
