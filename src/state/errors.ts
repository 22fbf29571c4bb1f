/** Why a store could not answer. */
export type StoreFailure =
  /** There is no connection, or it was lost before the answer came. */
  | 'away'
  /** The store did not answer in time. The command may have been carried out. */
  | 'slow'
  /** The store answered with an error. */
  | 'refused';

/** The shared store could not answer. Callers must then treat what they asked for as not allowed. */
export class StoreUnavailableError extends Error {
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure, detail = '') {
    super(`The shared store is unavailable (${failure}${detail === '' ? '' : `: ${detail}`}).`);
    this.name = 'StoreUnavailableError';
    this.failure = failure;
  }
}
