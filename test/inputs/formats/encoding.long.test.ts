import { describeCases } from '../../support/nights/describe-cases.ts';
import { encoding } from '../cases/encoding.ts';

describeCases(encoding);
