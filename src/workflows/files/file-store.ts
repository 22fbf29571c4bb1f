import { LRUCache } from 'lru-cache';

/** How long a file is kept after it was written. */
export const KEPT_MS = 24 * 3_600_000;
const MB = 1_000_000;

/** What one key may keep. Beyond it the oldest files are removed. */
export interface FileLimits {
  files: number;
  bytes: number;
}

/** Per key. Beyond them the oldest files are removed. */
export const DISK_LIMITS: FileLimits = { files: 100, bytes: 200 * MB };
export const MEMORY_LIMITS: FileLimits = { files: 100, bytes: 64 * MB };

/**
 * Keeps small files for 24 hours. Every method names the owner first, and no method crosses owners. A shared store can
 * therefore implement the interface with one entry per file and one set per owner.
 */
export interface FileStore {
  /** Whether files outlive the process. */
  readonly isDurable: boolean;
  /**
   * Replaces a file.
   * @returns its path, where it is a file on a disk.
   * @throws if it cannot be kept.
   */
  write(owner: string, name: string, content: Uint8Array): Promise<string | undefined>;
  /** undefined for a file that does not exist, has another owner, or is older than 24 hours. */
  read(owner: string, name: string): Promise<Uint8Array | undefined>;
  /** Removes the files of all owners that are older than 24 hours. */
  sweep(): Promise<void>;
}

/** The most memory that the files of all owners may take. The least recently used files are dropped beyond it. */
const MAX_BYTES = 256 * MB;
/** Counted for each file besides its content. */
const ENTRY_BYTES = 200;

interface Entry {
  owner: string;
  content: Uint8Array;
}

/** Files in the memory of this process. They end with it. */
export function filesInMemory(limits: FileLimits = MEMORY_LIMITS, maxBytes: number = MAX_BYTES): FileStore {
  let cache: LRUCache<string, Entry> | undefined;
  const nameOf = (owner: string, name: string) => `${owner} ${name}`;
  return {
    isDurable: false,
    async write(owner, name, content) {
      cache ??= new LRUCache({
        maxSize: maxBytes,
        sizeCalculation: (entry) => entry.content.byteLength + ENTRY_BYTES,
        ttl: KEPT_MS,
        ttlResolution: 0,
        // Looked up at each call, since tests replace the clock.
        perf: { now: () => performance.now() },
      });
      const key = nameOf(owner, name);
      // A replaced file counts as new.
      cache.delete(key);
      cache.set(key, { owner, content });
      if (!cache.has(key)) throw new Error(`a file of ${content.byteLength} bytes does not fit into memory`);
      makeRoom(cache, owner, key, limits);
      return undefined;
    },
    read: async (owner, name) => cache?.get(nameOf(owner, name))?.content,
    async sweep() {
      cache?.purgeStale();
    },
  };
}

/** Removes the least recently used files of an owner beyond its limits. */
function makeRoom(cache: LRUCache<string, Entry>, owner: string, written: string, limits: FileLimits): void {
  let files = 0;
  let bytes = 0;
  // The most recently used file comes first.
  for (const [key, entry] of [...cache.entries()]) {
    if (entry.owner !== owner) continue;
    files += 1;
    bytes += entry.content.byteLength;
    if (key !== written && (files > limits.files || bytes > limits.bytes)) cache.delete(key);
  }
}
