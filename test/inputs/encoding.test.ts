import { describeCases } from '../support/describe-cases.ts';
import { encoding } from './cases/encoding.ts';

describeCases(encoding);
