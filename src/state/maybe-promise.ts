/** A value, or a promise of one where the state is in another process. State in memory answers without a promise. */
export type MaybePromise<Value> = Value | Promise<Value>;
