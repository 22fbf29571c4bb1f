import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BookmarkHost } from '../../mcp/services/bookmarks.ts';
import { writeWhole } from '../files/disk-files.ts';
import { checkedName, ownerFolders } from '../files/owner-folders.ts';

/** No other text becomes part of a path. Some file systems do not tell upper case from lower case. */
export const BOOKMARK_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
/** Of a key. The oldest ones beyond it are removed. */
const MAX_BOOKMARKS = 50;

/**
 * Bookmarks in the folder `bookmarks` of HEYREACH_STATE_DIR, a file for each. They hold ids and states of leads, and only this
 * user can read them.
 */
export function bookmarkFiles(stateFolder: string): BookmarkHost {
  const folders = ownerFolders(stateFolder, 'bookmarks');
  // The prefix keeps a name such as `con` usable on Windows.
  const nameOf = (name: string) => `at-${checkedName(name, BOOKMARK_NAME)}.json`;
  return {
    ofOwner: (owner) => ({
      async read(name) {
        try {
          return JSON.parse(await readFile(join(folders.of(owner), nameOf(name)), 'utf8')) as unknown;
        } catch (error) {
          if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
          throw error;
        }
      },
      async write(name, value) {
        const folder = await folders.open(owner);
        await writeWhole(join(folder, nameOf(name)), Buffer.from(JSON.stringify(value)));
        const files = await folders.filesOf(owner);
        const surplus = files.toSorted((a, b) => b.changedAt - a.changedAt).slice(MAX_BOOKMARKS);
        for (const file of surplus) await rm(join(file.folder, file.name), { force: true });
      },
    }),
  };
}
