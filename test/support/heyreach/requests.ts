import { TEST_KEY } from '../runs/keys.ts';
import type { Sent } from '../tools/tool-harness.ts';

/** A GET as it must reach HeyReach. */
export const get = (path: string): Sent => ({
  method: 'GET',
  path,
  contentType: undefined,
  key: TEST_KEY,
  body: undefined,
});

/** A POST with a JSON body as it must reach HeyReach. */
export const post = (path: string, body: unknown): Sent => ({
  method: 'POST',
  path,
  contentType: 'application/json',
  key: TEST_KEY,
  body,
});

/** A POST with everything in its query: no body, and no content type. */
export const barePost = (path: string): Sent => ({ ...get(path), method: 'POST' });
