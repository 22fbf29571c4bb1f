/** Why a file cannot be read, in the words of an error. */
export interface LocalFileProblem {
  ok: false;
  message: string;
  nextStep: string;
}

/** The bytes of a file, or why they cannot be read. */
export type LocalFileRead = { ok: true; bytes: Uint8Array } | LocalFileProblem;

/** The files that the person who runs the server offers to tools: those of one folder, over stdio. */
export interface LocalFiles {
  /**
   * Reads a file of at most 20 MB below the folder. Nothing of a file outside of it is read, not even whether it exists.
   * @param name a path relative to the folder, or an absolute path below it.
   * @param extensions the endings that can be read, such as `.csv`.
   */
  read(name: string, extensions: readonly string[]): Promise<LocalFileRead>;
}

/** No files: the reason is part of every answer. */
export function noLocalFiles(message: string, nextStep: string): LocalFiles {
  return { read: async () => ({ ok: false, message, nextStep }) };
}
