/** The handlers of the functions that ask the vendor, under the names of the functions. Only their bundle has the clients of vendors' servers. */
export { handler as arrive } from './arrive.lambda.ts';
export { handler as look } from './look.lambda.ts';
