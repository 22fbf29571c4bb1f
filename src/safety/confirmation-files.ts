import { lstat, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../lib/json.ts';
import { CONFIRMATION_KEPT_MS, type ConfirmationStore } from '../state/confirmation-store.ts';
import { proofsInMemory } from '../state/memory/confirmations.ts';
import { openPrivateFolder } from './private-folder.ts';

/** How often the files of expired confirmations are removed while previews are shown. */
const SWEEP_MS = 60_000;

/**
 * Keeps confirmations in a folder, so that proofs and uses outlive the process. Needed where confirmations outlive it,
 * which a configured secret allows. A proof is a small signed file, a use is an empty file. A use that cannot be recorded
 * throws, and then no confirmation may be accepted.
 * @param parent holds the folder of the files. It should live as long as the secret.
 */
export function confirmationFiles(secret: string, parent: string): ConfirmationStore {
  const folder = join(parent, `heyreach-mcp-${digest(secret)}`);
  const proofOf = (id: string) => join(folder, `${id}.shown`);
  const memory = proofsInMemory((id) => void rm(proofOf(id), { force: true }).catch(() => {}));
  let sweptAt = 0;
  return {
    async keep(shown) {
      await memory.keep(shown);
      // The client brings the proof of a form.
      if (shown.kind === 'state') return;
      try {
        await openPrivateFolder(folder);
        if (Date.now() - sweptAt > SWEEP_MS) {
          sweptAt = Date.now();
          await removeOlder(folder, CONFIRMATION_KEPT_MS);
        }
        await writeFile(proofOf(shown.id), shown.proof, { flag: 'wx', mode: 0o600 });
      } catch {
        // The use of the confirmation writes to the folder too, and then reports the error.
      }
    },
    // Another process with the same secret and folder may have shown it.
    find: async (id) => (await memory.find(id)) ?? readFile(proofOf(id), 'utf8').catch(() => undefined),
    async stateOf(id) {
      return (await lstat(join(folder, id)).catch(() => undefined)) === undefined ? 'open' : 'used';
    },
    async markUsed(id, ttlMs) {
      await openPrivateFolder(folder);
      await removeOlder(folder, ttlMs);
      try {
        // Only one of several processes can create the file.
        await (await open(join(folder, id), 'wx', 0o600)).close();
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
  };
}

async function removeOlder(folder: string, ageMs: number): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const createdAt = (await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - createdAt > ageMs) await rm(path, { force: true });
    }),
  );
}
