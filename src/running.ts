/** The program while it runs. */
export interface Program {
  close(): Promise<void>;
  /** Reads again what can be read again, where there is anything. */
  reload?(): Promise<void>;
}
