import { feedSchema } from '../../lib/feed-file/feed.ts';
import { parseChecked } from '../../lib/feed-file/yaml.ts';

/** A feed file in text, with nightfeed's own kinds. */
export const parseFeed = (text: string, path: string) => parseChecked(text, path, feedSchema);
