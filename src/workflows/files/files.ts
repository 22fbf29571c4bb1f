import { createHash, randomBytes } from 'node:crypto';
import type { Cell, FileHost, KeptTable, OwnerFiles, ResultTable } from '../../mcp/services/caller-files.ts';
import { toCsv } from './csv.ts';
import type { FileStore } from './file-store.ts';

interface FilesOptions {
  store: FileStore;
  /** Callers run on this machine, and can open a file by its path. */
  showsPaths: boolean;
}

/** The files of all callers: tables that tools keep, outcomes of jobs, and uploads. */
export class Files implements FileHost {
  readonly #store: FileStore;
  readonly #showsPaths: boolean;

  constructor({ store, showsPaths }: FilesOptions) {
    this.#store = store;
    this.#showsPaths = showsPaths;
  }

  ofOwner(owner: string): OwnerFiles {
    const read = (name: string) => this.#store.read(owner, name);
    const find = async (name: string) => parseTable(await read(name));
    return {
      keep: (table) => {
        const resultId = randomBytes(6).toString('hex');
        return this.#keep(owner, table, { resultId, name: `result-${resultId}`, uri: resultUri(resultId) });
      },
      keepOutcome: (jobId, table) =>
        this.#keep(owner, table, { resultId: jobId, name: `outcome-${jobId}`, uri: outcomeUri(jobId) }),
      find: async (resultId) => (await find(`result-${resultId}.json`)) ?? (await find(`outcome-${resultId}.json`)),
      resultCsv: (resultId) => read(`result-${resultId}.csv`),
      outcomeCsv: (jobId) => read(`outcome-${jobId}.csv`),
      uploaded: (sha) => read(`upload-${sha}`),
      upload: async (content) => {
        const sha = createHash('sha256').update(content).digest('hex');
        await this.#store.write(owner, `upload-${sha}`, content);
        return sha;
      },
    };
  }

  /** Removes what is older than 24 hours. */
  sweep(): Promise<void> {
    return this.#store.sweep();
  }

  async #keep(
    owner: string,
    { kind, columns, rows, customColumns }: ResultTable,
    { resultId, name, uri }: { resultId: string; name: string; uri: string },
  ): Promise<KeptTable> {
    const csv = await toCsv({ columns, rows });
    await this.#store.write(owner, `${name}.json`, Buffer.from(JSON.stringify({ kind, columns, rows, customColumns })));
    const path = await this.#store.write(owner, `${name}.csv`, csv);
    const isShown = this.#showsPaths && path !== undefined;
    return { resultId, uri, rows: rows.length, bytes: csv.byteLength, ...(isShown ? { path } : {}) };
  }
}

/** The address of a table's CSV as an MCP resource. */
function resultUri(resultId: string): string {
  return `heyreach://results/${resultId}.csv`;
}

function outcomeUri(jobId: string): string {
  return `heyreach://jobs/${jobId}/outcome.csv`;
}

function parseTable(content: Uint8Array | undefined): ResultTable | undefined {
  if (content === undefined) return undefined;
  const { kind, columns, rows, customColumns } = JSON.parse(Buffer.from(content).toString()) as ResultTable;
  // JSON has null for an empty cell.
  return { kind, columns, rows: rows.map((row) => row.map((cell): Cell => cell ?? undefined)), customColumns };
}
