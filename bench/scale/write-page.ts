import { writeScalePage } from './page.ts';

/** For `npm run docs`: the page anew, from the measurements that are kept. */
writeScalePage();
