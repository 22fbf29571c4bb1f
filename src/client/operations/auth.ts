import { operation } from '../operation.ts';

export const auth = {
  /** Answers an empty 200 for a valid key, 401 in plain text otherwise. */
  checkApiKey: operation<Record<never, never>>().silent('GET /auth/CheckApiKey', { repeat: 'safe' }),
};
