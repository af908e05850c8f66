/** Every handler under its function's name: one bundle serves all functions, and only their settings differ. */
export { handler as arrive } from './arrive.lambda.ts';
export { handler as claim } from './claim.lambda.ts';
export { handler as deploy } from './deploy.lambda.ts';
export { handler as guard } from './guard.lambda.ts';
export { handler as look } from './look.lambda.ts';
export { handler as migrate } from './migrate.lambda.ts';
export { handler as notify } from './notify.lambda.ts';
export { handler as operator } from './operator.lambda.ts';
export { handler as outcome } from './outcome.lambda.ts';
export { handler as stop } from './stop.lambda.ts';
