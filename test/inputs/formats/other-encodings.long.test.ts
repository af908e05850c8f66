import { describeCases } from '../../support/nights/describe-cases.ts';
import { otherEncodings } from '../cases/other-encodings.ts';

describeCases(otherEncodings);
