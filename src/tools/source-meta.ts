import type { Caller } from './context.ts';

const SOURCE_META = 'heyreach-mcp/source';

/** A result that says, in its `_meta`, where its data came from: HeyReach itself or the sandbox. */
export function withSource<Result extends { _meta?: Record<string, unknown> | undefined }>(
  result: Result,
  { source }: Pick<Caller, 'source'>,
): Result {
  return { ...result, _meta: { [SOURCE_META]: source, ...result._meta } };
}
