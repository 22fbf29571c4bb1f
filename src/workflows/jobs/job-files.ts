import { constants } from 'node:fs';
import { access, link, lstat, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digest } from '../../lib/json.ts';
import { AuditFile } from '../../safety/audit-file.ts';
import { isPrivate } from '../../safety/private-folder.ts';
import { checkedName, namesIn, type OwnedFile, ownerFolders } from '../files/owner-folders.ts';
import { readJobEvent } from './job-events.ts';
import type { JobStore } from './job-store.ts';

/** Names of files. No other text becomes part of a path. */
const JOB_ID = /^[0-9a-f]{12}$/;
const FOLDER = 'jobs';
const JOURNAL = '.jsonl';
const CLAIM = '.target';
/** A claim, or the file that becomes one and has the id of its job in its name. */
const ANY_CLAIM = /\.target(?:\.(?<id>[0-9a-f]{12}))?$/;

/**
 * Jobs in files of HEYREACH_STATE_DIR. Each owner has a folder. It holds a journal of JSON lines for each job, and a small
 * file for each target that a job writes to. Only this user can read them, because results hold messages of people.
 */
export function jobFiles(stateFolder: string): JobStore {
  const folders = ownerFolders(stateFolder, FOLDER);
  const journalOf = (owner: string, id: string) => join(folders.of(owner), `${checkedName(id, JOB_ID)}${JOURNAL}`);
  const claimOf = (owner: string, target: string) => join(folders.of(owner), `${digest(target)}${CLAIM}`);
  /** One writer a journal, which keeps its lines in order. */
  const writers = new Map<string, AuditFile>();
  return {
    isDurable: true,
    async append(owner, id, event) {
      const path = journalOf(owner, id);
      if (event.type === 'started') await folders.open(owner);
      const writer = writers.get(path) ?? new AuditFile(path);
      writers.set(path, writer);
      await writer.append([event]);
      if (event.type === 'ended') writers.delete(path);
    },
    async read(owner, id) {
      if (!JOB_ID.test(id)) return [];
      const events = [];
      for await (const line of new AuditFile(journalOf(owner, id)).records()) {
        const event = readJobEvent(line);
        if (event !== undefined) events.push(event);
      }
      return events;
    },
    async ids(owner) {
      const names = await namesIn(folders.of(owner));
      return names.filter((name) => name.endsWith(JOURNAL)).map((name) => name.slice(0, -JOURNAL.length));
    },
    async remove(owner, id) {
      const path = journalOf(owner, id);
      writers.delete(path);
      await rm(path, { force: true });
    },
    async sweep(before) {
      const old: OwnedFile[] = [];
      for await (const file of folders.files()) if (file.changedAt < before) old.push(file);
      const remove = ({ folder, name }: OwnedFile) => rm(join(folder, name), { force: true });
      for (const file of old) if (file.name.endsWith(JOURNAL)) await remove(file);
      for (const file of old) if (await isLostClaim(file)) await remove(file);
    },
    async claim(owner, target, id) {
      await folders.open(owner);
      const path = claimOf(owner, target);
      const own = `${path}.${checkedName(id, JOB_ID)}`;
      await writeFile(own, id, { mode: 0o600 });
      try {
        // Only one of several processes can create the link, and it never has half a name in it.
        await link(own, path);
        return id;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return await readFile(path, 'utf8').catch(() => '');
      } finally {
        await rm(own, { force: true });
      }
    },
    async release(owner, target, id) {
      const path = claimOf(owner, target);
      const holder = await readFile(path, 'utf8').catch(() => undefined);
      if (holder === id) await rm(path, { force: true });
    },
  };
}

/**
 * Finds out whether jobs can be kept in a folder. Creates nothing, because clients start a server just to probe it.
 * @returns what is wrong with the folder, as the rest of a sentence.
 */
export async function findStateFolderProblem(path: string): Promise<string | undefined> {
  const { R_OK, W_OK, X_OK } = constants;
  const codeOf = ({ code }: NodeJS.ErrnoException) => code;
  const stats = await stat(path).catch(codeOf);
  if (typeof stats === 'object') {
    if (!stats.isDirectory()) return 'is not a folder';
    const code = await access(path, R_OK | W_OK | X_OK).catch(codeOf);
    if (code !== undefined) return `cannot be written (${code})`;
    for (const folder of [FOLDER, 'files', 'bookmarks']) {
      const stats = await lstat(join(path, folder)).catch(() => undefined);
      if (stats !== undefined && !isPrivate(stats)) return `has a folder ${folder} that others can read`;
    }
    return undefined;
  }
  if (stats !== 'ENOENT') return `cannot be read (${stats})`;
  const code = await access(dirname(path), W_OK | X_OK).catch(codeOf);
  return code === undefined ? undefined : `cannot be created (${code} for its parent folder)`;
}

/** Whether a claim has no job. A job that waits for a day before it is resumed keeps its journal, and so its claim. */
async function isLostClaim({ folder, name }: OwnedFile): Promise<boolean> {
  const { groups } = ANY_CLAIM.exec(name) ?? {};
  if (groups === undefined) return false;
  const holder = groups.id ?? (await readFile(join(folder, name), 'utf8').catch(() => ''));
  const journal = join(folder, `${holder}${JOURNAL}`);
  return !JOB_ID.test(holder) || (await stat(journal).catch(() => undefined)) === undefined;
}
