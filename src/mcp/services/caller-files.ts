/** A cell of a table. undefined is an empty cell. */
export type Cell = string | number | boolean | undefined;

/** A table of people that the server keeps for 24 hours. Its cells hold outside text. */
export interface ResultTable {
  /** The tool that made it. */
  kind: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** The columns that are custom fields of HeyReach. */
  customColumns?: readonly string[] | undefined;
}

/** Where a kept table can be read. */
export interface KeptTable {
  /** What `resultId` of another tool takes. For an outcome, the id of its job. */
  resultId: string;
  /** The CSV as an MCP resource. */
  uri: string;
  rows: number;
  /** The size of the CSV. */
  bytes: number;
  /** The CSV in the state directory, over stdio where there is one. */
  path?: string | undefined;
}

/** The files that the caller's key owns. Another key finds none of them. */
export interface CallerFiles {
  /** Keeps a table for 24 hours. */
  keep(table: ResultTable): Promise<KeptTable>;
  /** undefined for a table that does not exist, is older than 24 hours, or has another owner. */
  find(resultId: string): Promise<ResultTable | undefined>;
  /** Keeps what a job did with each row, under the id of the job. A later call for the same job replaces it. */
  keepOutcome(jobId: string, table: ResultTable): Promise<KeptTable>;
  /** A file that the same key uploaded over HTTP. undefined where there is none. @param sha the hex SHA-256 of its bytes. */
  uploaded(sha: string): Promise<Uint8Array | undefined>;
}

/** The files of a key, as resources and HTTP routes need them. */
export interface OwnerFiles extends CallerFiles {
  /** The CSV of a table, in UTF-8 with a byte order mark. undefined where there is none. */
  resultCsv(resultId: string): Promise<Uint8Array | undefined>;
  /** The same for the outcome of a job. */
  outcomeCsv(jobId: string): Promise<Uint8Array | undefined>;
  /** Keeps an uploaded file for 24 hours. @returns the hex SHA-256 of its bytes. */
  upload(content: Uint8Array): Promise<string>;
}

/** The files of a server. */
export interface FileHost {
  /** @param owner the fingerprint of a key. */
  ofOwner(owner: string): OwnerFiles;
}
