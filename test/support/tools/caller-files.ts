import { filesInMemory } from '../../../src/workflows/files/file-store.ts';
import { Files } from '../../../src/workflows/files/files.ts';

/** The file store of a test process, in memory. */
export function openFiles(): Files {
  return new Files({ store: filesInMemory(), showsPaths: false });
}

/** A file store for contexts whose test does not use it. */
export const files = openFiles();

/** The rows of a CSV as a reader sees them, without the byte order mark. */
export function linesOf(csv: Uint8Array | undefined): string[] {
  return Buffer.from(csv ?? [])
    .toString()
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\n');
}
