/** The handlers of all functions that do not ask the vendor, under the names of the functions. They share one bundle and differ in their settings. */
export { handler as claim } from './claim.lambda.ts';
export { handler as deploy } from './deployment/deploy.lambda.ts';
export { handler as ledger } from './deployment/ledger.lambda.ts';
export { handler as migrate } from './deployment/migrate.lambda.ts';
export { handler as stage } from './deployment/stage.lambda.ts';
export { handler as guard } from './guard.lambda.ts';
export { handler as notify } from './notify.lambda.ts';
export { handler as operator } from './operator.lambda.ts';
export { handler as outcome } from './outcome.lambda.ts';
export { handler as reader } from './reader.lambda.ts';
export { handler as stop } from './stop.lambda.ts';
