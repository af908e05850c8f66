import { inMemoryStore } from '../../support/in-memory/store.ts';
import { storeConforms } from '../conformance.ts';

storeConforms('in memory', async () => ({ store: inMemoryStore(), close: async () => {} }));
