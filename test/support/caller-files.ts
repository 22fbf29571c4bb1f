import { filesInMemory } from '../../src/workflows/files/file-store.ts';
import { Files } from '../../src/workflows/files/files.ts';

/** The files of a process of the test, in memory. */
export function openFiles(): Files {
  return new Files({ store: filesInMemory(), showsPaths: false });
}

/** Files for contexts whose test does not look at them. */
export const files = openFiles();

/** The rows of a CSV as its reader sees them, without the byte order mark. */
export function linesOf(csv: Uint8Array | undefined): string[] {
  return Buffer.from(csv ?? [])
    .toString()
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\n');
}
